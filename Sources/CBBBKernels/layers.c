#include "CBBBKernels.h"

#include "sparse_indices.h"

#include "plain_layers.h"

// The same source for every instruction set: KERNEL(name) is the name there.
// KERNEL_LANES floats are a vector; the sums of ROW_VECTORS vectors for each row
// of a slice, of PANEL_ROWS outputs by two vectors of a tile, and of
// PANELS_AT_ONCE panels fit the registers.
#define JOIN(name, set) name##_##set

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))),              \
                             apply_to = function)
#define KERNEL(name) JOIN(name, avx2)
#define KERNEL_LANES 8
#define ROW_VECTORS 2
#define PANEL_ROWS 4
#define PANELS_AT_ONCE 4
#include "layer_kernels.h"
#pragma clang attribute pop

#pragma clang attribute push(                                                  \
    __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,fma,popcnt"))),  \
    apply_to = function)
#define KERNEL(name) JOIN(name, avx512)
#define KERNEL_LANES 16
#define ROW_VECTORS 2
#define PANEL_ROWS 8
#define PANELS_AT_ONCE 8
#define COMPRESSES_INDICES 1
#include "layer_kernels.h"
#pragma clang attribute pop

#define DISPATCH(set, name, ...)                                               \
  ((set) == bbb_avx512 ? name##_avx512(__VA_ARGS__)                            \
   : (set) == bbb_avx2 ? name##_avx2(__VA_ARGS__)                              \
                       : name##_plain(__VA_ARGS__))
#elif defined(__aarch64__)
#define KERNEL(name) JOIN(name, neon)
#define KERNEL_LANES 4
#define ROW_VECTORS 4
#define PANEL_ROWS 8
#define PANELS_AT_ONCE 4
#include "layer_kernels.h"

#define DISPATCH(set, name, ...)                                               \
  ((set) == bbb_neon ? name##_neon(__VA_ARGS__) : name##_plain(__VA_ARGS__))
#else
#define DISPATCH(set, name, ...) ((void)(set), name##_plain(__VA_ARGS__))
#endif

void bbb_sparse_layer_on_tile(bbb_instruction_set set, const bbb_layer *layer,
                              const bbb_sliced_rows *rows, size_t width,
                              const float *input, float *output) {
  DISPATCH(set, sparse_layer_on_tile, layer, rows, width, input, output);
}

void bbb_dense_layer_on_tile(bbb_instruction_set set, const bbb_layer *layer,
                             const float *weights, size_t width,
                             const float *input, float *output) {
  DISPATCH(set, dense_layer_on_tile, layer, weights, width, input, output);
}

void bbb_sparse_layer_on_vector(bbb_instruction_set set, const bbb_layer *layer,
                                const bbb_grouped_columns *columns,
                                const float *input, float *output,
                                uint32_t *active) {
  DISPATCH(set, sparse_layer_on_vector, layer, columns, input, output, active);
}

void bbb_dense_layer_on_vector(bbb_instruction_set set, const bbb_layer *layer,
                               const float *weights, const float *input,
                               float *output, uint32_t *active) {
  DISPATCH(set, dense_layer_on_vector, layer, weights, input, output, active);
}
