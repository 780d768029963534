// What all checks of the kernels share.

#ifndef KERNELS_IN_C_CHECK_H
#define KERNELS_IN_C_CHECK_H

#include <stddef.h>

#include "CBBBKernels.h"

/// Counts a failure unless something holds, and names the first ones.
void check(int holds, const char *what, bbb_instruction_set set, double value);

/// A number from -size to size, of few bits; the same sequence everywhere.
float number_between(float size);

/// Zeros, aligned to a line of the cache, with some to spare behind them.
void *room(size_t count, size_t size);

/// Holds what a training step does with parameters to the plain version.
void check_training(bbb_instruction_set set);

/// Holds the choice of levels to the plain version.
void check_level_choice(bbb_instruction_set set);

/// Holds the removal of weights to the plain version.
void check_removal(bbb_instruction_set set);

/// Hold softmax and normalisation, and products, to the plain ones, and tiles to single examples.
void check_lines(bbb_instruction_set set, size_t width);
void check_products(bbb_instruction_set set, size_t width);

#endif
