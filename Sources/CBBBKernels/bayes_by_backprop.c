#include "CBBBKernels.h"

#include "plain_posterior_step.h"

#define KERNEL_SOURCE "posterior_step_kernels.h"
#include "every_instruction_set.h"

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
