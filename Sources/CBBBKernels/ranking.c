#include "CBBBKernels.h"

// The same source for every instruction set: KERNEL(name) is the name there.
#define JOIN(name, set) name##_##set

#define KERNEL(name) JOIN(name, plain)
#define KERNEL_LANES 4
#include "ranking_kernels.h"
#undef KERNEL
#undef KERNEL_LANES

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,popcnt"))),       \
                             apply_to = function)
#define KERNEL(name) JOIN(name, avx2)
#define KERNEL_LANES 8
#include "ranking_kernels.h"
#undef KERNEL
#undef KERNEL_LANES
#pragma clang attribute pop

#pragma clang attribute push(                                                  \
    __attribute__((                                                            \
        target("avx512f,avx512dq,avx512vl,avx512bw,fma,popcnt"))),             \
    apply_to = function)
#define KERNEL(name) JOIN(name, avx512)
#define KERNEL_LANES 16
#include "ranking_kernels.h"
#undef KERNEL
#undef KERNEL_LANES
#pragma clang attribute pop

#define DISPATCH(set, name, ...)                                               \
  ((set) == bbb_avx512 ? name##_avx512(__VA_ARGS__)                            \
   : (set) == bbb_avx2 ? name##_avx2(__VA_ARGS__)                              \
                       : name##_plain(__VA_ARGS__))
#else
// NEON is part of what every 64-bit ARM compiler assumes.
#define DISPATCH(set, name, ...) ((void)(set), name##_plain(__VA_ARGS__))
#endif

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
