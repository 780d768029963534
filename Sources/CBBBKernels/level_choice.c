#include "CBBBKernels.h"

// One rounding for each operation, so that every instruction set chooses alike.
#pragma STDC FP_CONTRACT OFF

#include "plain_level_choice.h"

#define KERNEL_SOURCE "level_choice_kernels.h"
#include "every_instruction_set.h"

void bbb_choose_levels(bbb_instruction_set set, bbb_level_cells cells,
                       bbb_level_table table, int32_t *choices, double *errors,
                       double *error_sums, double *costs) {
  DISPATCH(set, choose_levels, cells, table, choices, errors, error_sums,
           costs);
}
