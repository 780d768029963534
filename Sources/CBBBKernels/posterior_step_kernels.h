// The element-wise kernels of Bayes by Backprop, compiled once per instruction
// set by bayes_by_backprop.c.

#include "vector_math.h"

#include "gaussian_noise.h"

/// The standard deviation log(1 + exp(rho)), without overflow, and its
/// derivative 1 / (1 + exp(-rho)).
INLINE FLOATS KERNEL(standard_deviation)(FLOATS rho, FLOATS *derivative) {
  FLOATS small = KERNEL(exponential)(-KERNEL(absolute)(rho));
  FLOATS reciprocal = 1.0f / (1.0f + small);
  *derivative = KERNEL(select)(rho < 0, small * reciprocal, reciprocal);
  FLOATS positive = __builtin_elementwise_max(rho, (FLOATS){});
  return positive + KERNEL(logarithm_of_one_plus)(small);
}

INLINE FLOATS KERNEL(deviation_only)(FLOATS rho) {
  FLOATS unused;
  return KERNEL(standard_deviation)(rho, &unused);
}

/// The gradient of -log P(w).
INLINE FLOATS KERNEL(prior_gradient)(const bbb_prior *prior, FLOATS w) {
  if (prior->kind != bbb_prior_mixture) {
    return w * prior->precision;
  }
  float difference = prior->spike_precision - prior->precision;
  // The odds of the narrow component, at most (1 - pi) sigma1 / (pi sigma2).
  FLOATS odds = KERNEL(exponential)(prior->spike_log_odds -
                                    (0.5f * difference) * (w * w));
  FLOATS spike = odds / (1.0f + odds);
  return w * (spike * difference + prior->precision);
}

INLINE FLOATS KERNEL(optimizer_step)(const bbb_optimizer *optimizer, float rate,
                                     FLOATS parameter, FLOATS gradient,
                                     float *momentum, float *square) {
  if (optimizer->kind == bbb_gradient_descent) {
    return parameter - rate * gradient;
  }
  FLOATS m = KERNEL(load)(momentum);
  if (optimizer->kind == bbb_momentum) {
    m = optimizer->momentum * m + gradient;
    KERNEL(store)(momentum, m);
    return parameter - rate * m;
  }
  FLOATS v = KERNEL(load)(square);
  m = m + (1.0f - optimizer->momentum) * (gradient - m);
  v = optimizer->square_decay * v +
      (1.0f - optimizer->square_decay) * (gradient * gradient);
  KERNEL(store)(momentum, m);
  KERNEL(store)(square, v);
  FLOATS scale = __builtin_elementwise_sqrt(v) + optimizer->epsilon;
  return parameter - rate * m / scale;
}

static void KERNEL(normals)(const bbb_noise_key *key, size_t start,
                            size_t count, float *output) {
  for (size_t i = 0; i < count; i += BBB_NOISE_BLOCK) {
    FLOATS noise[KERNEL(vectors)];
    KERNEL(standard_normals)(key, (start + i) / BBB_NOISE_BLOCK, noise);
    for (int k = 0; k < KERNEL(vectors); k++) {
      KERNEL(store)(output + i + KERNEL_LANES * k, noise[k]);
    }
  }
}

static void KERNEL(word_streams)(const bbb_noise_key *key, size_t count,
                                 uint32_t *output) {
  for (size_t i = 0; i < count; i += KERNEL_LANES) {
    WORDS words[4];
    KERNEL(random_words)(key, (uint32_t)i, words);
    for (size_t k = 0; k < 4; k++) {
      *(WORDS *)(output + k * count + i) = words[k];
    }
  }
}

static void KERNEL(draw_weights)(const bbb_noise_key *key, const float *mean,
                                 const float *rho, size_t start, size_t count,
                                 float *weight) {
  for (size_t i = start; i < start + count; i += BBB_NOISE_BLOCK) {
    FLOATS noise[KERNEL(vectors)];
    KERNEL(standard_normals)(key, i / BBB_NOISE_BLOCK, noise);
    for (int k = 0; k < KERNEL(vectors); k++) {
      size_t at = i + (size_t)(KERNEL_LANES * k);
      FLOATS sigma = KERNEL(deviation_only)(KERNEL(load)(rho + at));
      KERNEL(store)(weight + at, KERNEL(load)(mean + at) + sigma * noise[k]);
    }
  }
}

static void KERNEL(variances)(const float *rho, size_t start, size_t count,
                              float *variance) {
  for (size_t i = start; i < start + count; i += KERNEL_LANES) {
    FLOATS sigma = KERNEL(deviation_only)(KERNEL(load)(rho + i));
    KERNEL(store)(variance + i, sigma * sigma);
  }
}

static void KERNEL(accumulate_gradient)(const bbb_posterior_step *step,
                                        float share, const float *mean,
                                        const float *rho, const float *weight,
                                        size_t start, size_t count,
                                        const float *gradient, float *first,
                                        float *second) {
  const int is_sampled = step->prior.kind != bbb_prior_gaussian_closed_form;
  for (size_t i = 0; i < count; i += KERNEL_LANES) {
    FLOATS w = KERNEL(load)(weight + start + i);
    FLOATS sigma = KERNEL(deviation_only)(KERNEL(load)(rho + start + i));
    FLOATS noise = (w - KERNEL(load)(mean + start + i)) / sigma;
    FLOATS g = KERNEL(load)(gradient + i);
    if (is_sampled) {
      g += step->complexity_weight * KERNEL(prior_gradient)(&step->prior, w);
    }
    KERNEL(store)(first + i, KERNEL(load)(first + i) + share * g);
    KERNEL(store)
    (second + i, KERNEL(load)(second + i) + share * (g * noise));
  }
}

static void KERNEL(step_posterior)(const bbb_posterior_step *step,
                                   const bbb_gaussian_parameters *parameters,
                                   size_t start, size_t count,
                                   const float *first, const float *second,
                                   float *weight, float *variance) {
  const int is_single_draw = step->gradient == bbb_gradient_of_draw;
  const int is_of_moments = step->gradient == bbb_gradient_of_moments;
  const int is_sampled = step->prior.kind != bbb_prior_gaussian_closed_form;
  const int makes_noise = weight || (is_of_moments && is_sampled);
  const float complexity_weight = step->complexity_weight;
  const float closed_form_weight = complexity_weight * step->prior.precision;
  const float rate = step->optimizer.learning_rate;
  for (size_t i = 0; i < count; i += BBB_NOISE_BLOCK) {
    FLOATS new_noise[KERNEL(vectors)] = {{0}};
    if (makes_noise) {
      KERNEL(standard_normals)
      (&step->noise, (start + i) / BBB_NOISE_BLOCK, new_noise);
    }
    for (size_t k = 0; k < KERNEL(vectors); k++) {
      const size_t in_run = i + KERNEL_LANES * k;
      const size_t at = start + in_run;
      FLOATS mean = KERNEL(load)(parameters->mean + at);
      FLOATS rho = KERNEL(load)(parameters->rho + at);
      FLOATS derivative;
      FLOATS sigma = KERNEL(standard_deviation)(rho, &derivative);
      FLOATS precision_root = 1.0f / sigma;

      // The gradients with respect to the mean and the standard deviation.
      FLOATS mean_gradient = KERNEL(load)(first + in_run);
      FLOATS deviation_gradient;
      if (is_single_draw) {
        FLOATS w = KERNEL(load)(weight + at);
        if (is_sampled) {
          mean_gradient +=
              complexity_weight * KERNEL(prior_gradient)(&step->prior, w);
        }
        // The draw's noise, by which sigma was multiplied.
        deviation_gradient = mean_gradient * ((w - mean) * precision_root);
      } else {
        deviation_gradient = KERNEL(load)(second + in_run);
      }
      if (is_of_moments) {
        deviation_gradient *= 2.0f * sigma;
        if (is_sampled) {
          FLOATS slope =
              complexity_weight *
              KERNEL(prior_gradient)(&step->prior, mean + sigma * new_noise[k]);
          mean_gradient += slope;
          deviation_gradient += slope * new_noise[k];
        }
      }
      if (!is_sampled) {
        mean_gradient += closed_form_weight * mean;
        deviation_gradient += closed_form_weight * sigma;
      }
      // The entropy: the derivative of -log(sigma).
      deviation_gradient -= complexity_weight * precision_root;

      mean = KERNEL(optimizer_step)(&step->optimizer, rate, mean, mean_gradient,
                                    parameters->mean_momentum + at,
                                    parameters->mean_square + at);
      rho = KERNEL(optimizer_step)(&step->optimizer, rate * step->rho_rate, rho,
                                   deviation_gradient * derivative,
                                   parameters->rho_momentum + at,
                                   parameters->rho_square + at);
      KERNEL(store)(parameters->mean + at, mean);
      KERNEL(store)(parameters->rho + at, rho);
      sigma = KERNEL(deviation_only)(rho);
      if (weight) {
        KERNEL(store)(weight + at, mean + sigma * new_noise[k]);
      } else if (variance) {
        KERNEL(store)(variance + at, sigma * sigma);
      }
    }
  }
}

/// log(exp(a) + exp(b)).
INLINE FLOATS KERNEL(log_sum_exp)(FLOATS a, FLOATS b) {
  FLOATS small = KERNEL(exponential)(-KERNEL(absolute)(a - b));
  return __builtin_elementwise_max(a, b) + KERNEL(logarithm_of_one_plus)(small);
}

static double KERNEL(complexity_cost)(const bbb_noise_key *key,
                                      const bbb_prior *prior,
                                      const float *mean_values,
                                      const float *rho_values, size_t start,
                                      size_t count) {
  const float log_spike_odds = prior->spike_log_odds;
  // log(pi / sigma1) where there are two components, log(1 / sigma1) for one.
  const float half_log_precision = 0.5f * __builtin_logf(prior->precision);
  const float log_slab_share =
      prior->kind != bbb_prior_mixture
          ? 0
          : -__builtin_log1pf(
                __builtin_expf(log_spike_odds + half_log_precision -
                               0.5f * __builtin_logf(prior->spike_precision)));
  double total = 0;
  for (size_t i = start; i < start + count; i += BBB_NOISE_BLOCK) {
    FLOATS noise[KERNEL(vectors)];
    KERNEL(standard_normals)(key, i / BBB_NOISE_BLOCK, noise);
    for (int k = 0; k < KERNEL(vectors); k++) {
      const size_t at = i + (size_t)(KERNEL_LANES * k);
      FLOATS mean = KERNEL(load)(mean_values + at);
      FLOATS sigma = KERNEL(deviation_only)(KERNEL(load)(rho_values + at));
      FLOATS w = mean + sigma * noise[k];
      // Both log densities without their common -log(2 pi) / 2.
      FLOATS cost = -KERNEL(logarithm)(sigma) - half_log_precision;
      if (prior->kind == bbb_prior_gaussian_closed_form) {
        cost += 0.5f * (prior->precision * (sigma * sigma + mean * mean) - 1);
      } else {
        cost -= 0.5f * (noise[k] * noise[k]);
        FLOATS log_prior = -0.5f * prior->precision * (w * w);
        if (prior->kind == bbb_prior_mixture) {
          FLOATS spike =
              log_spike_odds - 0.5f * prior->spike_precision * (w * w);
          log_prior = KERNEL(log_sum_exp)(log_prior, spike) + log_slab_share;
        }
        cost -= log_prior;
      }
      for (size_t lane = 0; lane < KERNEL_LANES && at + lane < start + count;
           lane++) {
        total += (double)cost[lane];
      }
    }
  }
  return total;
}

static void KERNEL(step_weights)(const bbb_optimizer *optimizer, float ridge,
                                 float lasso, size_t start, size_t count,
                                 const float *gradient, float *weight,
                                 float *momentum, float *square) {
  for (size_t i = 0; i < count; i += KERNEL_LANES) {
    FLOATS w = KERNEL(load)(weight + start + i);
    FLOATS g = KERNEL(load)(gradient + i) + ridge * w;
    // A comparison gives -1 where it holds.
    g += lasso * __builtin_convertvector((w < 0) - (w > 0), FLOATS);
    w = KERNEL(optimizer_step)(optimizer, optimizer->learning_rate, w, g,
                               momentum + start + i, square + start + i);
    KERNEL(store)(weight + start + i, w);
  }
}

#undef INLINE
#undef FLOATS
#undef INTS
#undef WORDS
#undef THREEFRY_ROUND
#undef THREEFRY_INJECT
