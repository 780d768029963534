#include "CBBBKernels.h"

typedef void sparse_layer_function(const uint32_t *row_starts,
                                   const uint32_t *columns,
                                   const float *values, const float *bias,
                                   size_t output_count, int rectify,
                                   const float *input, float *output);

/// The specification.
static void sparse_layer_plain(const uint32_t *row_starts,
                               const uint32_t *columns, const float *values,
                               const float *bias, size_t output_count,
                               int rectify, const float *input,
                               float *output) {
  for (size_t o = 0; o < output_count; o++) {
    float *sums = output + o * BBB_TILE_WIDTH;
    for (size_t t = 0; t < BBB_TILE_WIDTH; t++) {
      sums[t] = bias[o];
    }
    for (size_t k = row_starts[o]; k < row_starts[o + 1]; k++) {
      const float *row = input + (size_t)columns[k] * BBB_TILE_WIDTH;
      for (size_t t = 0; t < BBB_TILE_WIDTH; t++) {
        sums[t] += values[k] * row[t];
      }
    }
    for (size_t t = 0; rectify && t < BBB_TILE_WIDTH; t++) {
      sums[t] = sums[t] > 0 ? sums[t] : 0;
    }
  }
}

// The same with the tile's sums held in registers: `lanes` floats a vector,
// BBB_TILE_WIDTH / lanes vectors. The compiler unrolls the loops over `v`.
// (Clang's vector extensions: SwiftPM compiles C with clang everywhere.)
#define DEFINE_SPARSE_LAYER(name, attribute, lanes)                            \
  typedef float name##_vector                                                  \
      __attribute__((vector_size(4 * (lanes)), aligned(4), may_alias));        \
  attribute static void name(                                                  \
      const uint32_t *row_starts, const uint32_t *columns,                     \
      const float *values, const float *bias, size_t output_count,             \
      int rectify, const float *input, float *output) {                        \
    enum { vectors = BBB_TILE_WIDTH / (lanes) };                               \
    for (size_t o = 0; o < output_count; o++) {                                \
      name##_vector sums[vectors];                                             \
      _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++) {   \
        sums[v] = (name##_vector){} + bias[o];                                 \
      }                                                                        \
      for (size_t k = row_starts[o]; k < row_starts[o + 1]; k++) {             \
        const name##_vector *row =                                             \
            (const name##_vector *)(input +                                    \
                                    (size_t)columns[k] * BBB_TILE_WIDTH);      \
        _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++) { \
          sums[v] += values[k] * row[v];                                       \
        }                                                                      \
      }                                                                        \
      name##_vector *result =                                                  \
          (name##_vector *)(output + o * BBB_TILE_WIDTH);                      \
      _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++) {   \
        result[v] = rectify ? __builtin_elementwise_max(sums[v],               \
                                                        (name##_vector){})     \
                            : sums[v];                                         \
      }                                                                        \
    }                                                                          \
  }

#if defined(__x86_64__)
DEFINE_SPARSE_LAYER(sparse_layer_avx2, __attribute__((target("avx2,fma"))), 8)
DEFINE_SPARSE_LAYER(sparse_layer_avx512,
                    __attribute__((target("avx512f"))), 16)
#elif defined(__aarch64__)
DEFINE_SPARSE_LAYER(sparse_layer_neon, , 4)
#endif

void bbb_sparse_layer(bbb_instruction_set set, const uint32_t *row_starts,
                      const uint32_t *columns, const float *values,
                      const float *bias, size_t output_count, int rectify,
                      const float *input, float *output) {
  sparse_layer_function *layer = sparse_layer_plain;
#if defined(__x86_64__)
  if (set == bbb_avx2) {
    layer = sparse_layer_avx2;
  } else if (set == bbb_avx512) {
    layer = sparse_layer_avx512;
  }
#elif defined(__aarch64__)
  if (set == bbb_neon) {
    layer = sparse_layer_neon;
  }
#endif
  layer(row_starts, columns, values, bias, output_count, rectify, input,
        output);
}
