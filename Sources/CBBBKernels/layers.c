#include "CBBBKernels.h"

#include "sparse_indices.h"

#include "plain_layers.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define KERNEL_SOURCE "layer_kernels.h"
#include "every_instruction_set.h"

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
