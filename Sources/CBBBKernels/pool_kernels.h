// Pools, compiled once per instruction set by pools.c: whole vectors of lanes; a
// single lane is left to the plain version, whose results are the same.

#include "vector_math.h"

#define UNROLLED _Pragma("clang loop unroll(full)")

/// At most so many vectors make a wide tile.
enum { KERNEL(pool_vectors) = BBB_WIDE_TILE / KERNEL_LANES };

INLINE void KERNEL(pool_places)(const bbb_pool *pool, const float *divisors,
                                size_t width, const float *input,
                                float *output) {
  const int vectors = (int)(width / KERNEL_LANES);
  for (size_t unit = 0; unit < pool->unit_count; unit++) {
    const float *channel =
        input + pool->units[unit] * pool->input_stride * width;
    float *results = output + unit * pool->output_stride * width;
    for (size_t p = 0; p < pool->place_count; p++) {
      const uint32_t *numbers = pool->inputs + pool->starts[p];
      const uint32_t *end = pool->inputs + pool->starts[p + 1];
      FLOATS state[KERNEL(pool_vectors)];
      UNROLLED for (int v = 0; v < vectors; v++) {
        state[v] = ((const FLOATS *)(channel + *numbers * width))[v];
      }
      while (++numbers < end) {
        UNROLLED for (int v = 0; v < vectors; v++) {
          FLOATS next = ((const FLOATS *)(channel + *numbers * width))[v];
          state[v] = divisors ? state[v] + next
                              : KERNEL(select)(next > state[v], next, state[v]);
        }
      }
      FLOATS *result = (FLOATS *)(results + pool->outputs[p] * width);
      UNROLLED for (int v = 0; v < vectors; v++) {
        result[v] = divisors ? state[v] / divisors[p] : state[v];
      }
    }
  }
}

static void KERNEL(max_pool)(const bbb_pool *pool, size_t width,
                             const float *input, float *output) {
  // Constants, so that each case is compiled by itself.
  if (width == BBB_WIDE_TILE) {
    KERNEL(pool_places)(pool, NULL, BBB_WIDE_TILE, input, output);
  } else if (width == BBB_NARROW_TILE) {
    KERNEL(pool_places)(pool, NULL, BBB_NARROW_TILE, input, output);
  } else {
    max_pool_plain(pool, width, input, output);
  }
}

static void KERNEL(average_pool)(const bbb_pool *pool, const float *divisors,
                                 size_t width, const float *input,
                                 float *output) {
  if (width == BBB_WIDE_TILE) {
    KERNEL(pool_places)(pool, divisors, BBB_WIDE_TILE, input, output);
  } else if (width == BBB_NARROW_TILE) {
    KERNEL(pool_places)(pool, divisors, BBB_NARROW_TILE, input, output);
  } else {
    average_pool_plain(pool, divisors, width, input, output);
  }
}

#undef UNROLLED
