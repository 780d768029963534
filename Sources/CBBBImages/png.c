// PNG by libpng 1.6.

#include "CBBBImages.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"

// What is used of libpng's interface, which is the same in all versions of 1.6.
typedef struct png_struct png_struct;
typedef struct png_info png_info;
typedef void (*png_message_function)(png_struct *, const char *);
typedef void (*png_read_function)(png_struct *, uint8_t *, size_t);

enum { PNG_COLOR_MASK_PALETTE = 1, PNG_COLOR_MASK_COLOR = 2, PNG_COLOR_MASK_ALPHA = 4 };

typedef struct libpng {
  png_struct *(*create_read_struct)(
      const char *, void *, png_message_function, png_message_function);
  png_info *(*create_info_struct)(png_struct *);
  void (*destroy_read_struct)(png_struct **, png_info **, png_info **);
  void *(*get_error_ptr)(const png_struct *);
  void *(*get_io_ptr)(const png_struct *);
  void (*set_read_fn)(png_struct *, void *, png_read_function);
  void (*set_user_limits)(png_struct *, uint32_t, uint32_t);
  void (*read_info)(png_struct *, png_info *);
  uint32_t (*get_IHDR)(
      const png_struct *, const png_info *, uint32_t *, uint32_t *, int *, int *, int *, int *,
      int *);
  void (*set_palette_to_rgb)(png_struct *);
  void (*set_expand_gray_1_2_4_to_8)(png_struct *);
  void (*set_strip_16)(png_struct *);
  void (*set_strip_alpha)(png_struct *);
  void (*read_update_info)(png_struct *, png_info *);
  size_t (*get_rowbytes)(const png_struct *, const png_info *);
  void (*read_image)(png_struct *, uint8_t **);
  void (*read_end)(png_struct *, png_info *);
} libpng;

static const libpng *shared_libpng(void) {
  static const char *const names[] = {
      "libpng16.so.16", "libpng16.so", "libpng16.16.dylib", "/opt/homebrew/lib/libpng16.16.dylib",
      "/usr/local/lib/libpng16.16.dylib", NULL};
  static const char *const symbols[] = {
      "png_create_read_struct", "png_create_info_struct", "png_destroy_read_struct",
      "png_get_error_ptr", "png_get_io_ptr", "png_set_read_fn", "png_set_user_limits",
      "png_read_info", "png_get_IHDR", "png_set_palette_to_rgb", "png_set_expand_gray_1_2_4_to_8",
      "png_set_strip_16", "png_set_strip_alpha", "png_read_update_info", "png_get_rowbytes",
      "png_read_image", "png_read_end", NULL};
  static bbb_library library = BBB_LIBRARY_INITIALISER;
  static libpng functions;
  _Static_assert(
      sizeof(functions) == sizeof(void *) * (sizeof(symbols) / sizeof(*symbols) - 1),
      "a name for each function");
  return bbb_library_load(&library, names, symbols, &functions) ? &functions : NULL;
}

/// What libpng's functions are given of the file that is read.
typedef struct png_reading {
  const libpng *png;
  const uint8_t *bytes;
  size_t count;
  size_t place;
  char *message;
  size_t message_size;
  jmp_buf failed;
} png_reading;

static void fail(png_struct *reader, const char *message) {
  // libpng leaves what it is at by not coming back from here; the reading knows the functions.
  const libpng *png = shared_libpng();
  png_reading *reading = png->get_error_ptr(reader);
  strncpy(reading->message, message, reading->message_size - 1);
  longjmp(reading->failed, 1);
}

static void ignore(png_struct *reader, const char *message) {
  (void)reader;
  (void)message;
}

static void read_bytes(png_struct *reader, uint8_t *to, size_t count) {
  png_reading *reading = shared_libpng()->get_io_ptr(reader);
  if (count > reading->count - reading->place) fail(reader, "it ends too early");
  memcpy(to, reading->bytes + reading->place, count);
  reading->place += count;
}

bbb_image_outcome bbb_png_decode(const uint8_t *bytes, size_t count, bbb_image *image) {
  memset(image, 0, sizeof *image);
  const libpng *png = shared_libpng();
  if (!png) return BBB_IMAGE_NO_LIBRARY;
  png_reading reading = {
      .png = png, .bytes = bytes, .count = count, .message = image->message,
      .message_size = sizeof image->message};
  png_struct *reader = png->create_read_struct("1.6.0", &reading, fail, ignore);
  if (!reader) return BBB_IMAGE_NO_LIBRARY;
  png_info *info = png->create_info_struct(reader);
  if (!info) {
    png->destroy_read_struct(&reader, NULL, NULL);
    return BBB_IMAGE_NO_MEMORY;
  }
  // Changed between here and the jump back, so that they must be in memory.
  uint8_t *volatile pixels = NULL;
  uint8_t **volatile rows = NULL;
  volatile bbb_image_outcome outcome = BBB_IMAGE_BAD;
  if (setjmp(reading.failed) == 0) {
    png->set_read_fn(reader, &reading, read_bytes);
    png->set_user_limits(reader, 0x7fffffff, 0x7fffffff);
    png->read_info(reader, info);
    uint32_t width = 0, height = 0;
    int depth = 0, color = 0;
    png->get_IHDR(reader, info, &width, &height, &depth, &color, NULL, NULL, NULL);
    if (color & PNG_COLOR_MASK_PALETTE) {
      png->set_palette_to_rgb(reader);
    } else if (depth < 8) {
      png->set_expand_gray_1_2_4_to_8(reader);
    }
    if (depth == 16) png->set_strip_16(reader);
    // A palette's transparency becomes no channel, since nobody asks for it.
    if (color & PNG_COLOR_MASK_ALPHA) png->set_strip_alpha(reader);
    png->read_update_info(reader, info);
    image->width = (int)width;
    image->height = (int)height;
    image->channel_count = color & PNG_COLOR_MASK_COLOR ? 3 : 1;
    const size_t row_size = (size_t)width * (size_t)image->channel_count;
    if ((size_t)width * height > BBB_IMAGE_LARGEST_PIXEL_COUNT) {
      outcome = BBB_IMAGE_TOO_LARGE;
    } else if (png->get_rowbytes(reader, info) != row_size) {
      fail(reader, "its pixels are of a kind that is not read");
    } else {
      pixels = malloc(row_size * height);
      rows = malloc(sizeof(uint8_t *) * height);
      if (pixels && rows) {
        for (uint32_t row = 0; row < height; row++) rows[row] = pixels + row * row_size;
        png->read_image(reader, rows);
        png->read_end(reader, NULL);
        outcome = BBB_IMAGE_DECODED;
      } else {
        outcome = BBB_IMAGE_NO_MEMORY;
      }
    }
  } else {
    outcome = BBB_IMAGE_BAD;
  }
  png->destroy_read_struct(&reader, &info, NULL);
  free(rows);
  if (outcome == BBB_IMAGE_DECODED) {
    image->pixels = pixels;
  } else {
    free(pixels);
  }
  return outcome;
}

void bbb_image_free(bbb_image *image) {
  free(image->pixels);
  image->pixels = NULL;
}
