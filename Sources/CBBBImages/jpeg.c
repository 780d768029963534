// JPEG by the TurboJPEG interface of libjpeg-turbo, whose structures, other than libjpeg's, are the same everywhere.

#include "CBBBImages.h"

#include <stdlib.h>
#include <string.h>

#include "library.h"

typedef void *tjhandle;

enum { TJPF_RGB = 0, TJPF_GRAY = 6 };
enum { TJCS_RGB = 0, TJCS_YCbCr = 1, TJCS_GRAY = 2 };

typedef struct turbojpeg {
  tjhandle (*init_decompress)(void);
  int (*decompress_header)(
      tjhandle, const unsigned char *, unsigned long, int *, int *, int *, int *);
  int (*decompress)(
      tjhandle, const unsigned char *, unsigned long, unsigned char *, int, int, int, int, int);
  char *(*get_error_text)(tjhandle);
  int (*destroy)(tjhandle);
} turbojpeg;

static const turbojpeg *shared_turbojpeg(void) {
  static const char *const names[] = {
      "libturbojpeg.so.0", "libturbojpeg.so", "libturbojpeg.0.dylib",
      "/opt/homebrew/lib/libturbojpeg.0.dylib", "/usr/local/lib/libturbojpeg.0.dylib", NULL};
  static const char *const symbols[] = {
      "tjInitDecompress", "tjDecompressHeader3", "tjDecompress2", "tjGetErrorStr2", "tjDestroy",
      NULL};
  static bbb_library library = BBB_LIBRARY_INITIALISER;
  static turbojpeg functions;
  _Static_assert(
      sizeof(functions) == sizeof(void *) * (sizeof(symbols) / sizeof(*symbols) - 1),
      "a name for each function");
  return bbb_library_load(&library, names, symbols, &functions) ? &functions : NULL;
}

bbb_image_outcome bbb_jpeg_decode(const uint8_t *bytes, size_t count, bbb_image *image) {
  memset(image, 0, sizeof *image);
  const turbojpeg *jpeg = shared_turbojpeg();
  if (!jpeg) return BBB_IMAGE_NO_LIBRARY;
  tjhandle handle = jpeg->init_decompress();
  if (!handle) return BBB_IMAGE_NO_MEMORY;
  bbb_image_outcome outcome = BBB_IMAGE_BAD;
  int subsampling = 0, color = 0;
  if (jpeg->decompress_header(
          handle, bytes, count, &image->width, &image->height, &subsampling, &color) != 0) {
    strncpy(image->message, jpeg->get_error_text(handle), sizeof image->message - 1);
  } else if (color != TJCS_RGB && color != TJCS_YCbCr && color != TJCS_GRAY) {
    strncpy(
        image->message, "its colours are those of print (CMYK); convert it to RGB",
        sizeof image->message - 1);
  } else if (
      (size_t)image->width * (size_t)image->height > BBB_IMAGE_LARGEST_PIXEL_COUNT) {
    outcome = BBB_IMAGE_TOO_LARGE;
  } else {
    image->channel_count = color == TJCS_GRAY ? 1 : 3;
    const size_t row_size = (size_t)image->width * (size_t)image->channel_count;
    uint8_t *pixels = malloc(row_size * (size_t)image->height);
    if (!pixels) {
      outcome = BBB_IMAGE_NO_MEMORY;
    } else if (
        // It tells of warnings, such as an early end, too, behind which the picture is made up.
        jpeg->decompress(
            handle, bytes, count, pixels, image->width, (int)row_size, image->height,
            color == TJCS_GRAY ? TJPF_GRAY : TJPF_RGB, 0) != 0) {
      strncpy(image->message, jpeg->get_error_text(handle), sizeof image->message - 1);
      free(pixels);
    } else {
      image->pixels = pixels;
      outcome = BBB_IMAGE_DECODED;
    }
  }
  jpeg->destroy(handle);
  return outcome;
}
