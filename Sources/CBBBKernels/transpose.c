#include "CBBBKernels.h"

// Four by four, which 128-bit vectors do on every processor.
typedef float four_floats
    __attribute__((vector_size(16), aligned(4), may_alias));

static void transpose_four(const float *inputs, size_t feature_count,
                           const uint32_t *places, size_t width, float *tile) {
  four_floats a = *(const four_floats *)inputs;
  four_floats b = *(const four_floats *)(inputs + feature_count);
  four_floats c = *(const four_floats *)(inputs + 2 * feature_count);
  four_floats d = *(const four_floats *)(inputs + 3 * feature_count);
  four_floats ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  four_floats ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  four_floats cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  four_floats cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  *(four_floats *)(tile + places[0] * width) =
      __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
  *(four_floats *)(tile + places[1] * width) =
      __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
  *(four_floats *)(tile + places[2] * width) =
      __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
  *(four_floats *)(tile + places[3] * width) =
      __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
}

void bbb_transpose_to_tile(const float *inputs, size_t feature_count,
                           const uint32_t *places, size_t width, float *tile) {
  // Sixteen lanes at a time fill a line of the cache.
  for (size_t block = 0; block < width; block += 16) {
    size_t feature = 0;
    for (; feature + 4 <= feature_count; feature += 4) {
      // Sixteen streams are more than the processor looks ahead of.
      if (feature % 16 == 0) {
        for (size_t lane = block; lane < block + 16; lane++) {
          __builtin_prefetch(inputs + lane * feature_count + feature + 128);
        }
      }
      for (size_t lane = block; lane < block + 16; lane += 4) {
        transpose_four(inputs + lane * feature_count + feature, feature_count,
                       places + feature, width, tile + lane);
      }
    }
    for (; feature < feature_count; feature++) {
      for (size_t lane = block; lane < block + 16; lane++) {
        tile[places[feature] * width + lane] =
            inputs[lane * feature_count + feature];
      }
    }
  }
}
