// Matrices: output = activation(W input + bias), for one example or a tile of them,
// once for plain units or at every place of a convolution's kernel.
//
// Every output is summed in one order, bias first and then its inputs by
// ascending place, in every layout and at every width. So, on one instruction
// set, an input gives the same numbers by itself and in any batch, whether the
// matrix is held sparse or dense.
//
// Values are held [unit][position][lane]. A *number* is one position of one unit:
// as many floats as there are lanes.

#ifndef BBB_MATRICES_H
#define BBB_MATRICES_H

#include <stddef.h>
#include <stdint.h>

#include "instruction_set.h"

/// The numbers of inputs of a batch that are computed together. Their
/// activations are held [number][tile], so that one weight meets a vector.
#define BBB_NARROW_TILE 16
#define BBB_WIDE_TILE 32
/// The neighbouring positions of one example that are computed together.
#define BBB_LINE_LANES 16

/// Rows of a sparse matrix are held in slices of this many.
#define BBB_SLICE_ROWS 4
/// Columns of a sparse matrix are held in groups of this many weights.
#define BBB_GROUP_WEIGHTS 4
/// Rows of a dense matrix are held in panels of this many.
#define BBB_PANEL_OUTPUTS 16

/// Where a matrix is applied: once to plain units, else at every place of its
/// kernel. All in numbers.
typedef struct {
  size_t count;
  /// For each place, where in the input its window begins.
  const uint32_t *inputs;
  /// For each place, where in a unit of the output its result stands.
  const uint32_t *outputs;
  /// For each place of one example's line, how many neighbouring positions of input
  /// and output it stands for: 1 … BBB_LINE_LANES. Tiles do not read it.
  const uint8_t *lanes;
  /// From one unit of the output to the next.
  size_t output_stride;
} bbb_places;

/// What a matrix is apart from its weights.
typedef struct {
  /// The units of the output.
  size_t row_count;
  /// What its rows read.
  size_t column_count;
  /// row_count numbers.
  const float *bias;
  /// Whether negative outputs become zero.
  int rectifies;
  /// Whether the indices of a sparse matrix are uint32_t rather than uint16_t.
  int has_wide_indices;
} bbb_matrix;

/// Weights by row, for tiles and lines: sliced ELLPACK, in bands of inputs.
///
/// The activations of a band stay in the first-level cache while all rows pass.
/// In a band, rows with about as many weights form a slice; step k of a slice
/// holds the k-th weight of each of its rows, and rows that have no such weight
/// hold 0 for a number that is zero. The first and the last band hold every row.
typedef struct {
  size_t band_count;
  /// band_count + 1: the slice at which each band begins.
  const uint32_t *band_starts;
  /// As many as slices, and one more: the step at which each slice begins.
  const uint32_t *slice_starts;
  /// BBB_SLICE_ROWS for each slice: the row; row_count where there is none, whose
  /// result goes behind the last unit.
  const uint32_t *rows;
  /// BBB_SLICE_ROWS for each step: the input, counted from where the window begins.
  const void *inputs;
  /// BBB_SLICE_ROWS for each step.
  const float *values;
} bbb_sliced_rows;

/// Inputs that stand side by side.
typedef struct {
  /// The first, counted from where the window begins.
  uint32_t first;
  uint32_t count;
} bbb_input_run;

/// Weights with the zeros between them.
typedef struct {
  /// The inputs of the columns, ascending; column_count together.
  const bbb_input_run *runs;
  size_t run_count;
  /// [panels][column_count][BBB_PANEL_OUTPUTS], zero where there is no row.
  const float *values;
} bbb_dense_panels;

/// Weights by input, for single vectors. A column is filled up to whole groups
/// with weights of 0 that lead to output number row_count or beyond.
typedef struct {
  /// column_count + 1: the group at which each column begins.
  const uint32_t *column_starts;
  /// BBB_GROUP_WEIGHTS for each group: the output, below row_count +
  /// BBB_GROUP_WEIGHTS; none below row_count twice in a column.
  const void *outputs;
  /// BBB_GROUP_WEIGHTS for each group.
  const float *values;
} bbb_grouped_columns;

/// A sparse matrix on a tile.
///
/// width: BBB_NARROW_TILE or BBB_WIDE_TILE, the lanes. output: room for a unit more
/// than there are rows, into which anything may be written.
void bbb_sparse_matrix_on_tile(bbb_instruction_set set, const bbb_matrix *matrix,
                               const bbb_sliced_rows *rows,
                               const bbb_places *places, size_t width,
                               const float *input, float *output);

/// A dense matrix on a tile; as `bbb_sparse_matrix_on_tile`.
void bbb_dense_matrix_on_tile(bbb_instruction_set set, const bbb_matrix *matrix,
                              const bbb_dense_panels *panels,
                              const bbb_places *places, size_t width,
                              const float *input, float *output);

/// A sparse matrix at every place of its kernel on one example, whose neighbouring
/// positions are the lanes.
///
/// BBB_LINE_LANES floats can be read behind the last of input and output.
void bbb_sparse_matrix_on_lines(bbb_instruction_set set, const bbb_matrix *matrix,
                                const bbb_sliced_rows *rows,
                                const bbb_places *places, const float *input,
                                float *output);

/// A sparse matrix on one vector of plain units, of which only the inputs that are
/// not zero are visited.
///
/// input: column_count. output: row_count, and room for BBB_GROUP_WEIGHTS more.
/// active: room for column_count + 16 numbers, overwritten.
void bbb_sparse_matrix_on_vector(bbb_instruction_set set,
                                 const bbb_matrix *matrix,
                                 const bbb_grouped_columns *columns,
                                 const float *input, float *output,
                                 uint32_t *active);

/// A dense matrix on one vector; as `bbb_sparse_matrix_on_vector`. Its columns are
/// all numbers of the input.
///
/// output: room for row_count rounded up to whole panels.
void bbb_dense_matrix_on_vector(bbb_instruction_set set, const bbb_matrix *matrix,
                                const bbb_dense_panels *panels,
                                const float *input, float *output,
                                uint32_t *active);

/// Lays inputs out as a tile: tile[places[f]][lane] = inputs[lane][f].
///
/// inputs: [width][feature_count]; places: feature_count numbers of the tile;
/// several features may share a number, which then holds one of them.
void bbb_transpose_to_tile(const float *inputs, size_t feature_count,
                           const uint32_t *places, size_t width, float *tile);

#endif
