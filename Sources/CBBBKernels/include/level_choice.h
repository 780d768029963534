// The inner loop of quantisation: which level each number becomes, or zero.

#ifndef BBB_LEVEL_CHOICE_H
#define BBB_LEVEL_CHOICE_H

#include <stddef.h>
#include <stdint.h>

#include "instruction_set.h"

/// The rows that are worked on side by side.
#define BBB_LEVEL_LANES 8
/// The levels that are tried to either side of the nearest. Tables of levels
/// have as many elements more before their first, and one more than that behind
/// their last, whose bits are infinite.
#define BBB_LEVEL_REACH 2

/// Numbers that become levels: eight rows make a group, and element 8 t + l of
/// a group is number t of row l.
typedef struct {
  size_t group_count;
  /// Where each group's steps begin, and the last one's end.
  const size_t *starts;
  /// How many numbers each row of each group has.
  const uint32_t *lengths;
  const double *means;
  const double *deviations;
} bbb_level_cells;

/// The levels, and the bits that codes take.
typedef struct {
  /// Ascending, without zero.
  const double *levels;
  const double *level_bits;
  /// For each number the level that is nearest to it, counted without padding.
  const int32_t *nearest;
  /// For each row of each group the bits of a place without a number, and with.
  const double *absent_bits;
  const double *present_bits;
  /// What half an error's square costs, half the square of a row's sum of
  /// errors, and a bit.
  double own;
  double shared;
  double price;
} bbb_level_table;

/// Chooses for each number of each row, in order, the level that costs least,
/// or zero: own e^2/2 + shared s^2/2 + price bits, where e = (level - mean) /
/// deviation, and s is the sum of the row's errors with e among them. Of equals
/// zero is chosen before all, and the first level before others.
///
/// choices: the number of the level, -1 for zero.
/// errors, error_sums: those of each number, and of each row; read and written.
/// costs: what each number costs but for the shared part.
///
/// Elements behind a row's last number become -1 and 0, and their errors stay.
/// All results are bit for bit those of the plain version.
void bbb_choose_levels(bbb_instruction_set set, bbb_level_cells cells,
                       bbb_level_table table, int32_t *choices, double *errors,
                       double *error_sums, double *costs);

#endif
