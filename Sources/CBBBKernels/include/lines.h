// Softmax and normalisation: of the numbers along some axes of a value, for each
// index of the others.

#ifndef BBB_LINES_H
#define BBB_LINES_H

#include <stddef.h>
#include <stdint.h>

#include "instruction_set.h"

/// Which numbers of a value, as in matrices.h, belong together.
typedef struct {
  size_t line_count;
  /// line_count: the first number of each line, ascending.
  const uint32_t *lines;
  size_t element_count;
  /// element_count: how far each number of a line is behind its first.
  const uint32_t *elements;
} bbb_lines;

/// exp(x) over the sum of exp(x) along each line; the sum by ascending element.
///
/// width: the lanes of a number: 1, BBB_NARROW_TILE or BBB_WIDE_TILE.
/// output: laid out like the input, which it may be.
void bbb_softmax(bbb_instruction_set set, const bbb_lines *lines, size_t width,
                 const float *input, float *output);

/// (x - mean) / sqrt(variance + epsilon), with the mean and the variance of each
/// line; sums by ascending element. A line of equal numbers becomes zeros.
void bbb_normalise(bbb_instruction_set set, const bbb_lines *lines,
                   float epsilon, size_t width, const float *input,
                   float *output);

#endif
