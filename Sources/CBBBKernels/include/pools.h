// Pools: the largest or the mean of the numbers in a window, channel by channel.

#ifndef BBB_POOLS_H
#define BBB_POOLS_H

#include <stddef.h>
#include <stdint.h>

#include "instruction_set.h"

/// What each place of a pool reads; numbers as in matrices.h.
typedef struct {
  size_t unit_count;
  /// unit_count: for each channel of the output, which one of the input it is.
  const uint32_t *units;
  size_t place_count;
  /// place_count + 1: the first entry of each place in `inputs`; none is empty.
  const uint32_t *starts;
  /// Which numbers of a channel each place reads, ascending.
  const uint32_t *inputs;
  /// For each place, where in a channel of the output its result stands.
  const uint32_t *outputs;
  /// From one channel to the next.
  size_t input_stride, output_stride;
} bbb_pool;

/// The largest number of each window; of equal ones the first.
///
/// width: the lanes of a number: 1, BBB_NARROW_TILE or BBB_WIDE_TILE.
void bbb_max_pool(bbb_instruction_set set, const bbb_pool *pool, size_t width,
                  const float *input, float *output);

/// The sum of each window's numbers, one after the other, over a divisor of each
/// place.
void bbb_average_pool(bbb_instruction_set set, const bbb_pool *pool,
                      const float *divisors, size_t width, const float *input,
                      float *output);

#endif
