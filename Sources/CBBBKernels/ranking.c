#include "CBBBKernels.h"

#include "plain_ranking.h"

#define KERNEL_SOURCE "ranking_kernels.h"
#include "every_instruction_set.h"

void bbb_standard_deviations(bbb_instruction_set set, bbb_scale scale,
                             const float *stored, size_t count,
                             float *deviations) {
  DISPATCH(set, standard_deviations, scale, stored, count, deviations);
}

int bbb_are_ordinary(bbb_instruction_set set, const float *means,
                     const float *deviations, size_t count) {
  return DISPATCH(set, are_ordinary, means, deviations, count);
}

bbb_band_counts bbb_compare_with_band(bbb_instruction_set set,
                                      const float *means,
                                      const float *deviations, size_t count,
                                      float low, float high, uint64_t *above,
                                      uint64_t *inside) {
  return DISPATCH(set, compare_with_band, means, deviations, count, low, high,
                  above, inside);
}
