#include "CBBBKernels.h"

#include "sparse_indices.h"

#include "plain_matrices.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define KERNEL_SOURCE "matrix_kernels.h"
#include "every_instruction_set.h"

void bbb_sparse_matrix_on_tile(bbb_instruction_set set, const bbb_matrix *matrix,
                               const bbb_sliced_rows *rows,
                               const bbb_places *places, size_t width,
                               const float *input, float *output) {
  DISPATCH(set, sparse_matrix_on_tile, matrix, rows, places, width, input, output);
}

void bbb_dense_matrix_on_tile(bbb_instruction_set set, const bbb_matrix *matrix,
                              const bbb_dense_panels *panels,
                              const bbb_places *places, size_t width,
                              const float *input, float *output) {
  DISPATCH(set, dense_matrix_on_tile, matrix, panels, places, width, input, output);
}

void bbb_sparse_matrix_on_lines(bbb_instruction_set set, const bbb_matrix *matrix,
                                const bbb_sliced_rows *rows,
                                const bbb_places *places, const float *input,
                                float *output) {
  DISPATCH(set, sparse_matrix_on_lines, matrix, rows, places, input, output);
}

void bbb_sparse_matrix_on_vector(bbb_instruction_set set,
                                 const bbb_matrix *matrix,
                                 const bbb_grouped_columns *columns,
                                 const float *input, float *output,
                                 uint32_t *active) {
  DISPATCH(set, sparse_matrix_on_vector, matrix, columns, input, output, active);
}

void bbb_dense_matrix_on_vector(bbb_instruction_set set, const bbb_matrix *matrix,
                                const bbb_dense_panels *panels,
                                const float *input, float *output,
                                uint32_t *active) {
  DISPATCH(set, dense_matrix_on_vector, matrix, panels, input, output, active);
}
