// The inner loops that need instruction-set dispatch or bit-level arithmetic.
// No allocation, no input or output, no state but the choice of instruction set.

#ifndef CBBBKERNELS_H
#define CBBBKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "activations.h"
#include "arithmetic.h"
#include "bayes_by_backprop.h"
#include "half_precision.h"
#include "instruction_set.h"
#include "level_choice.h"
#include "lines.h"
#include "matrices.h"
#include "moments.h"
#include "pools.h"
#include "products.h"
#include "ranking.h"
#include "removal.h"

#endif
