// Fully connected layers: output = activation(W input + bias), for one input
// vector or a tile of them.
//
// Every output is summed in one order, bias first and then its inputs by
// ascending number, in every layout and at every width. So, on one instruction
// set, an input gives the same numbers by itself and in any batch, whether the
// layer is held sparse or dense.

#ifndef BBB_LAYERS_H
#define BBB_LAYERS_H

#include <stddef.h>
#include <stdint.h>

#include "instruction_set.h"

/// The numbers of inputs of a batch that are computed together. Their
/// activations are held [feature][tile], so that one weight meets a vector.
#define BBB_NARROW_TILE 16
#define BBB_WIDE_TILE 32

/// Rows of a sparse layer are held in slices of this many.
#define BBB_SLICE_ROWS 4
/// Columns of a sparse layer are held in groups of this many weights.
#define BBB_GROUP_WEIGHTS 4
/// Outputs of a dense layer are held in panels of this many.
#define BBB_PANEL_OUTPUTS 16

/// What a layer is apart from its weights.
typedef struct {
  size_t input_count;
  size_t output_count;
  /// output_count numbers.
  const float *bias;
  /// Whether negative outputs become zero.
  int rectifies;
  /// Whether the indices of a sparse layer are uint32_t rather than uint16_t.
  int has_wide_indices;
} bbb_layer;

/// Weights by output, for tiles: sliced ELLPACK, in bands of inputs.
///
/// The activations of a band stay in the first-level cache while all rows pass.
/// In a band, rows with about as many weights form a slice; step k of a slice
/// holds the k-th weight of each of its rows, and rows that have no such weight
/// hold 0 for input number input_count. The first and the last band hold every
/// row.
typedef struct {
  size_t band_count;
  /// band_count + 1: the slice at which each band begins.
  const uint32_t *band_starts;
  /// As many as slices, and one more: the step at which each slice begins.
  const uint32_t *slice_starts;
  /// BBB_SLICE_ROWS for each slice: the output that a row leads to;
  /// output_count where there is no row.
  const uint32_t *outputs;
  /// BBB_SLICE_ROWS for each step: the input, at most input_count.
  const void *inputs;
  /// BBB_SLICE_ROWS for each step.
  const float *values;
} bbb_sliced_rows;

/// Weights by input, for single vectors. A column is filled up to whole groups
/// with weights of 0 that lead to output number output_count or beyond.
typedef struct {
  /// input_count + 1: the group at which each column begins.
  const uint32_t *column_starts;
  /// BBB_GROUP_WEIGHTS for each group: the output, below output_count +
  /// BBB_GROUP_WEIGHTS; none below output_count twice in a column.
  const void *outputs;
  /// BBB_GROUP_WEIGHTS for each group.
  const float *values;
} bbb_grouped_columns;

/// A sparse layer on a tile.
///
/// width: BBB_NARROW_TILE or BBB_WIDE_TILE. input: [input_count + 1][width], the
/// last row zero. output: [output_count + 1][width]; the last row becomes zero.
void bbb_sparse_layer_on_tile(bbb_instruction_set set, const bbb_layer *layer,
                              const bbb_sliced_rows *rows, size_t width,
                              const float *input, float *output);

/// A dense layer on a tile; as `bbb_sparse_layer_on_tile`.
///
/// weights: [panels][input_count][BBB_PANEL_OUTPUTS], zero where there is no
/// output.
void bbb_dense_layer_on_tile(bbb_instruction_set set, const bbb_layer *layer,
                             const float *weights, size_t width,
                             const float *input, float *output);

/// A sparse layer on one vector, of which only the inputs that are not zero are
/// visited.
///
/// input: input_count. output: output_count, and room for BBB_GROUP_WEIGHTS
/// more. active: room for input_count + 16 numbers, overwritten.
void bbb_sparse_layer_on_vector(bbb_instruction_set set, const bbb_layer *layer,
                                const bbb_grouped_columns *columns,
                                const float *input, float *output,
                                uint32_t *active);

/// A dense layer on one vector; as `bbb_sparse_layer_on_vector`.
///
/// output: room for output_count rounded up to whole panels.
void bbb_dense_layer_on_vector(bbb_instruction_set set, const bbb_layer *layer,
                               const float *weights, const float *input,
                               float *output, uint32_t *active);

/// Lays inputs out as a tile: tile[places[f]][lane] = inputs[lane][f].
///
/// inputs: [width][feature_count]; places: feature_count rows of the tile;
/// several features may share a row, which then holds one of them.
void bbb_transpose_to_tile(const float *inputs, size_t feature_count,
                           const uint32_t *places, size_t width, float *tile);

#endif
