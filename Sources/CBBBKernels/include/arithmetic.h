// What two values are computed into, element by element.

#ifndef BBB_ARITHMETIC_H
#define BBB_ARITHMETIC_H

#include <stddef.h>
#include <stdint.h>

#include "instruction_set.h"

typedef enum {
  bbb_add,
  bbb_subtract,
  bbb_multiply,
  bbb_divide,
  bbb_minimum,
  bbb_maximum,
  bbb_power,
  bbb_equal,
  bbb_less,
  bbb_select,
} bbb_arithmetic;

/// Results that stand side by side; numbers as in matrices.h.
typedef struct {
  /// The first result, and how many there are.
  uint32_t result, count;
  /// The number of each operand that the first result is of.
  uint32_t operands[2];
  /// From one number of each operand to the next: 1, or 0 where one goes with all.
  uint32_t steps[2];
} bbb_arithmetic_run;

/// Computes the results of all runs, each rounded once; NaN where an operand is, but
/// for powers of 1 and with 0, comparisons (0 then), and what is not selected.
///
/// width: the lanes of a number: 1, BBB_NARROW_TILE or BBB_WIDE_TILE. The results may
/// overwrite an operand, number for number, whose steps are 1 then.
void bbb_compute(bbb_instruction_set set, bbb_arithmetic operation,
                 const bbb_arithmetic_run *runs, size_t run_count, size_t width,
                 const float *one, const float *other, float *results);

#endif
