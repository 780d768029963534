#include "CBBBKernels.h"

#include "plain_arithmetic.h"

#define KERNEL_SOURCE "arithmetic_kernels.h"
#include "every_instruction_set.h"

void bbb_compute(bbb_instruction_set set, bbb_arithmetic operation,
                 const bbb_arithmetic_run *runs, size_t run_count, size_t width,
                 const float *one, const float *other, float *results) {
  DISPATCH(set, compute, operation, runs, run_count, width, one, other, results);
}
