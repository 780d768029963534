// Softmax and normalisation, compiled once per instruction set by lines.c. The
// lanes are examples, or as many lines of a single one: side by side where they
// can be loaded at once, else one by one.

#include "vector_math.h"

#define UNROLLED _Pragma("clang loop unroll(full)")

/// The numbers of one element of as many lines as there are lanes. `apart`: the
/// lines' first numbers, or NULL where the lines stand side by side.
INLINE FLOATS KERNEL(load_lines)(const float *numbers, const uint32_t *apart) {
  if (apart == NULL) {
    return KERNEL(load)(numbers);
  }
  FLOATS result = {};
  UNROLLED for (int lane = 0; lane < KERNEL_LANES; lane++) {
    result[lane] = numbers[apart[lane]];
  }
  return result;
}

INLINE void KERNEL(store_lines)(float *numbers, const uint32_t *apart,
                                FLOATS value) {
  if (apart == NULL) {
    KERNEL(store)(numbers, value);
    return;
  }
  UNROLLED for (int lane = 0; lane < KERNEL_LANES; lane++) {
    numbers[apart[lane]] = value[lane];
  }
}

INLINE void KERNEL(softmax_of_lines)(const bbb_lines *lines, size_t width,
                                     const uint32_t *apart, const float *input,
                                     float *output) {
  const uint32_t *end = lines->elements + lines->element_count;
  FLOATS largest = KERNEL(all)(-__builtin_inff());
  for (const uint32_t *e = lines->elements; e < end; e++) {
    FLOATS number = KERNEL(load_lines)(input + *e * width, apart);
    largest = KERNEL(select)(number <= largest, largest, number);
  }
  FLOATS sum = {};
  for (const uint32_t *e = lines->elements; e < end; e++) {
    FLOATS x = KERNEL(load_lines)(input + *e * width, apart) - largest;
    // The exponential would lose NaN.
    FLOATS share = KERNEL(select)(x == x, KERNEL(exponential)(x), x);
    KERNEL(store_lines)(output + *e * width, apart, share);
    sum += share;
  }
  FLOATS scale = 1.0f / sum;
  for (const uint32_t *e = lines->elements; e < end; e++) {
    FLOATS share = KERNEL(load_lines)(output + *e * width, apart);
    KERNEL(store_lines)(output + *e * width, apart, share * scale);
  }
}

INLINE void KERNEL(normalise_lines)(const bbb_lines *lines, float epsilon,
                                    size_t width, const uint32_t *apart,
                                    const float *input, float *output) {
  const uint32_t *end = lines->elements + lines->element_count;
  const float count = (float)lines->element_count;
  FLOATS sum = {};
  for (const uint32_t *e = lines->elements; e < end; e++) {
    sum += KERNEL(load_lines)(input + *e * width, apart);
  }
  FLOATS mean = sum / count;
  FLOATS rest = {};
  for (const uint32_t *e = lines->elements; e < end; e++) {
    FLOATS distance = KERNEL(load_lines)(input + *e * width, apart) - mean;
    KERNEL(store_lines)(output + *e * width, apart, distance);
    rest += distance;
  }
  rest /= count;
  FLOATS squares = {};
  for (const uint32_t *e = lines->elements; e < end; e++) {
    FLOATS distance = KERNEL(load_lines)(output + *e * width, apart) - rest;
    KERNEL(store_lines)(output + *e * width, apart, distance);
    squares += distance * distance;
  }
  FLOATS variance = squares / count;
  FLOATS scale = 1.0f / __builtin_elementwise_sqrt(variance + epsilon);
  for (const uint32_t *e = lines->elements; e < end; e++) {
    FLOATS distance = KERNEL(load_lines)(output + *e * width, apart);
    KERNEL(store_lines)(output + *e * width, apart, distance * scale);
  }
}

/// Which of the two a constant says, so that each case is compiled by itself.
INLINE void KERNEL(compute_lines)(const bbb_lines *lines, int is_softmax,
                                  float epsilon, size_t width,
                                  const uint32_t *apart, const float *input,
                                  float *output) {
  if (is_softmax) {
    KERNEL(softmax_of_lines)(lines, width, apart, input, output);
  } else {
    KERNEL(normalise_lines)(lines, epsilon, width, apart, input, output);
  }
}

INLINE void KERNEL(all_lines)(const bbb_lines *lines, int is_softmax,
                              float epsilon, size_t width, const float *input,
                              float *output) {
  if (width > 1) {
    for (size_t line = 0; line < lines->line_count; line++) {
      for (size_t lane = 0; lane < width; lane += KERNEL_LANES) {
        size_t first = lines->lines[line] * width + lane;
        KERNEL(compute_lines)(lines, is_softmax, epsilon, width, NULL,
                              input + first, output + first);
      }
    }
    return;
  }
  for (size_t line = 0; line < lines->line_count; line += KERNEL_LANES) {
    const uint32_t *firsts = lines->lines + line;
    size_t left = lines->line_count - line;
    if (left >= KERNEL_LANES &&
        firsts[KERNEL_LANES - 1] - firsts[0] == KERNEL_LANES - 1) {
      KERNEL(compute_lines)(lines, is_softmax, epsilon, 1, NULL,
                            input + firsts[0], output + firsts[0]);
      continue;
    }
    // Lanes that are left over compute what the last line's does.
    uint32_t apart[KERNEL_LANES];
    for (size_t lane = 0; lane < KERNEL_LANES; lane++) {
      apart[lane] = firsts[lane < left ? lane : left - 1];
    }
    KERNEL(compute_lines)(lines, is_softmax, epsilon, 1, apart, input, output);
  }
}

static void KERNEL(softmax)(const bbb_lines *lines, size_t width,
                            const float *input, float *output) {
  KERNEL(all_lines)(lines, 1, 0, width, input, output);
}

static void KERNEL(normalise)(const bbb_lines *lines, float epsilon,
                              size_t width, const float *input, float *output) {
  KERNEL(all_lines)(lines, 0, epsilon, width, input, output);
}

#undef UNROLLED
