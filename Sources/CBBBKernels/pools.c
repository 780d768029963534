#include "CBBBKernels.h"

#include "plain_pools.h"

#define KERNEL_SOURCE "pool_kernels.h"
#include "every_instruction_set.h"

void bbb_max_pool(bbb_instruction_set set, const bbb_pool *pool, size_t width,
                  const float *input, float *output) {
  DISPATCH(set, max_pool, pool, width, input, output);
}

void bbb_average_pool(bbb_instruction_set set, const bbb_pool *pool,
                      const float *divisors, size_t width, const float *input,
                      float *output) {
  DISPATCH(set, average_pool, pool, divisors, width, input, output);
}
