// Pictures in PNG and JPEG files, decoded by libpng and TurboJPEG (libjpeg-turbo), which are loaded when they are needed:
// nothing is linked, and no header of theirs is needed to build. In C since libpng leaves by longjmp.

#ifndef CBBB_IMAGES_H
#define CBBB_IMAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What became of a file.
typedef enum bbb_image_outcome {
  BBB_IMAGE_DECODED,
  /// The library that reads such files is not installed.
  BBB_IMAGE_NO_LIBRARY,
  /// The file is damaged, or of a kind that is not read; the message says why.
  BBB_IMAGE_BAD,
  /// The picture has more than `BBB_IMAGE_LARGEST_PIXEL_COUNT` pixels.
  BBB_IMAGE_TOO_LARGE,
  /// There is no memory for the picture.
  BBB_IMAGE_NO_MEMORY,
} bbb_image_outcome;

/// More pixels than photographs have: a file of a few bytes may claim any number.
#define BBB_IMAGE_LARGEST_PIXEL_COUNT ((size_t)1 << 27)

/// A decoded picture: `height` rows of `width` pixels of `channel_count` bytes, 1 (grey) or 3 (red, green, blue).
typedef struct bbb_image {
  int width;
  int height;
  int channel_count;
  /// To be freed with `bbb_image_free`; null unless it was decoded.
  uint8_t *_Nullable pixels;
  /// What the library says of a bad file; ends with a zero byte.
  char message[200];
} bbb_image;

/// Decodes a PNG file. Grey stays grey, palettes become colours, 16 bits become their upper 8, and transparency is left
/// out; gamma and colour profiles change nothing.
bbb_image_outcome bbb_png_decode(
    const uint8_t *_Nonnull bytes, size_t count, bbb_image *_Nonnull image);

/// Decodes a JPEG file of grey or of three colours.
bbb_image_outcome bbb_jpeg_decode(
    const uint8_t *_Nonnull bytes, size_t count, bbb_image *_Nonnull image);

/// Gives the memory of a picture back.
void bbb_image_free(bbb_image *_Nonnull image);

#endif
