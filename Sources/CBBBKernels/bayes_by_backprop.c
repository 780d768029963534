#include "CBBBKernels.h"

// The same source for every instruction set: KERNEL(name) is the name there.
#define JOIN(name, set) name##_##set

#define KERNEL(name) JOIN(name, plain)
#define KERNEL_LANES 4
#include "posterior_step_kernels.h"
#undef KERNEL
#undef KERNEL_LANES

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))),              \
                             apply_to = function)
#define KERNEL(name) JOIN(name, avx2)
#define KERNEL_LANES 8
#include "posterior_step_kernels.h"
#undef KERNEL
#undef KERNEL_LANES
#pragma clang attribute pop

#pragma clang attribute push(                                                  \
    __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,fma"))),         \
    apply_to = function)
#define KERNEL(name) JOIN(name, avx512)
#define KERNEL_LANES 16
#include "posterior_step_kernels.h"
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

void bbb_standard_normals(bbb_instruction_set set, bbb_noise_key key,
                          size_t start, size_t count, float *output) {
  DISPATCH(set, normals, &key, start, count, output);
}

void bbb_random_words(bbb_instruction_set set, bbb_noise_key key, size_t count,
                      uint32_t *output) {
  DISPATCH(set, word_streams, &key, count, output);
}

void bbb_draw_weights(bbb_instruction_set set, bbb_noise_key key,
                      const float *mean, const float *rho, size_t start,
                      size_t count, float *weight) {
  DISPATCH(set, draw_weights, &key, mean, rho, start, count, weight);
}

void bbb_variances(bbb_instruction_set set, const float *rho, size_t start,
                   size_t count, float *variance) {
  DISPATCH(set, variances, rho, start, count, variance);
}

void bbb_accumulate_gradient(bbb_instruction_set set,
                             const bbb_posterior_step *step, float share,
                             const float *mean, const float *rho,
                             const float *weight, size_t start, size_t count,
                             const float *gradient, float *first,
                             float *second) {
  DISPATCH(set, accumulate_gradient, step, share, mean, rho, weight, start,
           count, gradient, first, second);
}

void bbb_step_posterior(bbb_instruction_set set, const bbb_posterior_step *step,
                        const bbb_gaussian_parameters *parameters, size_t start,
                        size_t count, const float *first, const float *second,
                        float *weight, float *variance) {
  DISPATCH(set, step_posterior, step, parameters, start, count, first, second,
           weight, variance);
}

double bbb_complexity_cost(bbb_instruction_set set, bbb_noise_key key,
                           const bbb_prior *prior, const float *mean,
                           const float *rho, size_t start, size_t count) {
  return DISPATCH(set, complexity_cost, &key, prior, mean, rho, start, count);
}

void bbb_step_weights(bbb_instruction_set set, const bbb_optimizer *optimizer,
                      float ridge, float lasso, size_t start, size_t count,
                      const float *gradient, float *weight, float *momentum,
                      float *square) {
  DISPATCH(set, step_weights, optimizer, ridge, lasso, start, count, gradient,
           weight, momentum, square);
}
