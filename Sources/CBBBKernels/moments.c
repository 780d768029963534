#include "CBBBKernels.h"

#include "plain_moments.h"

#define KERNEL_SOURCE "moments_kernels.h"
#include "every_instruction_set.h"

void bbb_rectify_moments(bbb_instruction_set set, size_t count, float *mean,
                         float *variance, float *second_moment) {
  DISPATCH(set, rectify_moments, count, mean, variance, second_moment);
}

void bbb_maximum_moments(bbb_instruction_set set, size_t count, float *mean,
                         float *variance, const float *other_mean,
                         const float *other_variance) {
  DISPATCH(set, maximum_moments, count, mean, variance, other_mean, other_variance);
}
