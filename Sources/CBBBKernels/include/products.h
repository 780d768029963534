// Products of two values that are both computed, as matrices of attention are.

#ifndef BBB_PRODUCTS_H
#define BBB_PRODUCTS_H

#include <stddef.h>
#include <stdint.h>

#include "instruction_set.h"

/// Pairs of matrices, and where their numbers, as in matrices.h, stand.
typedef struct {
  size_t batch_count;
  /// 3 * batch_count: the first numbers of the first matrix, of the second and of
  /// their product.
  const uint32_t *firsts;
  /// The first matrix has rows × inner numbers, the second inner × columns.
  size_t row_count, inner_count, column_count;
  /// From one number to the next along each axis of the first and of the second
  /// matrix; of the second's, one is 1.
  size_t first_row, first_inner, second_inner, second_column;
  /// From one row of the product to the next; its columns stand side by side.
  size_t result_row;
} bbb_product;

/// The product of each pair; every number is the sum by ascending inner index, one
/// multiply-add after the other.
///
/// width: the lanes of a number: 1, BBB_NARROW_TILE or BBB_WIDE_TILE.
/// result: other memory than what is multiplied.
void bbb_multiply_values(bbb_instruction_set set, const bbb_product *product,
                  size_t width, const float *first, const float *second,
                  float *result);

#endif
