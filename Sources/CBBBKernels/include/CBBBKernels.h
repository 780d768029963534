// The inner loops that need instruction-set dispatch or bit-level arithmetic.
// No allocation, no input or output, no globals.

#ifndef CBBBKERNELS_H
#define CBBBKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "bayes_by_backprop.h"
#include "half_precision.h"
#include "instruction_set.h"
#include "ranking.h"

/// The number of inputs of a batch that are computed together. Activations are
/// held [feature][BBB_TILE_WIDTH], so that one weight meets a vector of inputs.
#define BBB_TILE_WIDTH 64

/// One sparse fully connected layer on one tile of inputs:
/// output[o][t] = bias[o] + sum over k of values[k] * input[columns[k]][t],
/// for k in row_starts[o] ..< row_starts[o + 1], in that order.
/// With `rectify`, negative outputs become zero.
///
/// row_starts: output_count + 1; columns, values: row_starts[output_count];
/// bias: output_count; input: [inputs][BBB_TILE_WIDTH];
/// output: [output_count][BBB_TILE_WIDTH]. Every column is below the number of
/// inputs: the caller has checked.
void bbb_sparse_layer(bbb_instruction_set set, const uint32_t *row_starts,
                      const uint32_t *columns, const float *values,
                      const float *bias, size_t output_count, int rectify,
                      const float *input, float *output);

#endif
