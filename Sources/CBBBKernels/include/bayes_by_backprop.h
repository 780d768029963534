// The element-wise part of Bayes by Backprop (Blundell et al. 2015): drawing
// weights and updating their posterior, each in one pass over memory.
//
// Arrays are padded to a multiple of BBB_NOISE_BLOCK floats, and every run of
// elements starts at such a multiple; the padding may be read and written.

#ifndef BBB_BAYES_BY_BACKPROP_H
#define BBB_BAYES_BY_BACKPROP_H

#include <stddef.h>
#include <stdint.h>

#include "instruction_set.h"

/// Noise is made in blocks of this many numbers.
#define BBB_NOISE_BLOCK 128

/// Names a stream of random numbers. Equal keys give equal numbers.
typedef struct {
  uint64_t seed;
  /// Who draws: a tensor, say.
  uint32_t stream;
  /// When: the number of the training step.
  uint32_t step;
  /// Which of several draws in one step.
  uint32_t draw;
} bbb_noise_key;

typedef enum {
  /// p -= rate * g
  bbb_gradient_descent = 0,
  /// m = momentum * m + g; p -= rate * m
  bbb_momentum = 1,
  /// p -= rate * m / (sqrt(v) + epsilon), m and v being the decaying means of
  /// g and g^2 (Kingma and Ba, "Adam: a method for stochastic optimization",
  /// section 2, last lines: the bias corrections are part of rate and epsilon).
  bbb_adam = 2,
} bbb_optimizer_kind;

/// One step of an optimiser, for all parameters alike.
typedef struct {
  bbb_optimizer_kind kind;
  float learning_rate;
  /// Momentum; Adam's beta 1.
  float momentum;
  /// Adam's beta 2.
  float square_decay;
  float epsilon;
} bbb_optimizer;

typedef enum {
  /// pi N(0, sigma1^2) + (1 - pi) N(0, sigma2^2), at the drawn weight.
  bbb_prior_mixture = 0,
  /// N(0, sigma1^2), at the drawn weight.
  bbb_prior_gaussian = 1,
  /// N(0, sigma1^2), with the expectation over draws in closed form.
  bbb_prior_gaussian_closed_form = 2,
} bbb_prior_kind;

typedef struct {
  bbb_prior_kind kind;
  /// 1 / sigma1^2 and 1 / sigma2^2.
  float precision;
  float spike_precision;
  /// log((1 - pi) / sigma2) - log(pi / sigma1).
  float spike_log_odds;
} bbb_prior;

/// The parameters of one tensor's posterior, N(mean, log(1 + exp(rho))^2) for
/// each element, and what the optimiser remembers of each (null where it
/// remembers nothing).
typedef struct {
  float *mean;
  float *rho;
  float *mean_momentum;
  float *mean_square;
  float *rho_momentum;
  float *rho_square;
} bbb_gaussian_parameters;

typedef enum {
  /// `first`: the cost's gradient with respect to the weights of one draw.
  bbb_gradient_of_draw = 0,
  /// `first`, `second`: summed over draws by bbb_accumulate_gradient.
  bbb_gradient_accumulated = 1,
  /// `first`, `second`: the cost's gradient with respect to the means and to
  /// the variances.
  bbb_gradient_of_moments = 2,
} bbb_gradient_kind;

typedef struct {
  bbb_gradient_kind gradient;
  bbb_prior prior;
  /// What the complexity cost is multiplied with in the cost that is minimised.
  float complexity_weight;
  bbb_optimizer optimizer;
  /// The learning rate of rho is this times that of the means.
  float rho_rate;
  /// The noise of the complexity cost, where the gradient is of the moments and
  /// the prior has no closed form; else the noise of the next draw.
  bbb_noise_key noise;
} bbb_posterior_step;

/// Standard normals number `start` ..< `start + count` of a stream.
/// output: `count`, padded.
void bbb_standard_normals(bbb_instruction_set set, bbb_noise_key key,
                          size_t start, size_t count, float *output);

/// The words a stream's noise is made from: four for each of `count` counters,
/// all first words, then all second words, and so on; `count` a multiple of 16.
void bbb_random_words(bbb_instruction_set set, bbb_noise_key key, size_t count,
                      uint32_t *output);

/// A draw: weight = mean + log(1 + exp(rho)) * noise, for elements `start` ..<
/// `start + count`.
void bbb_draw_weights(bbb_instruction_set set, bbb_noise_key key,
                      const float *mean, const float *rho, size_t start,
                      size_t count, float *weight);

/// The variances log(1 + exp(rho))^2 of elements `start` ..< `start + count`.
void bbb_variances(bbb_instruction_set set, const float *rho, size_t start,
                   size_t count, float *variance);

/// Adds the gradient of one draw of several to `first` (of the mean) and
/// `second` (of the standard deviation, without the entropy's part), times
/// `share`. `gradient`, `first`, `second` start at element `start`.
void bbb_accumulate_gradient(bbb_instruction_set set,
                             const bbb_posterior_step *step, float share,
                             const float *mean, const float *rho,
                             const float *weight, size_t start, size_t count,
                             const float *gradient, float *first,
                             float *second);

/// One step of elements `start` ..< `start + count` down the sampled gradient
/// of the variational free energy (Blundell et al. 2015, equations 3 to 7).
///
/// `first` and `second` (null for a single draw) start at element `start`.
/// `weight` (null where the gradient is of the moments) holds the draw that a
/// single draw's gradient belongs to, and receives the next one; `variance`
/// (null where there are draws) receives the new variances.
void bbb_step_posterior(bbb_instruction_set set, const bbb_posterior_step *step,
                        const bbb_gaussian_parameters *parameters, size_t start,
                        size_t count, const float *first, const float *second,
                        float *weight, float *variance);

/// The sum over elements `start` ..< `start + count` of log q(w) - log P(w) at
/// a draw; in closed form, KL[q || P], where the prior says so. In nats.
double bbb_complexity_cost(bbb_instruction_set set, bbb_noise_key key,
                           const bbb_prior *prior, const float *mean,
                           const float *rho, size_t start, size_t count);

/// One step of plain weights down `gradient` + `ridge` * w + `lasso` * sign(w),
/// for elements `start` ..< `start + count`. `gradient` starts at `start`.
void bbb_step_weights(bbb_instruction_set set, const bbb_optimizer *optimizer,
                      float ridge, float lasso, size_t start, size_t count,
                      const float *gradient, float *weight, float *momentum,
                      float *square);

#endif
