// The element-wise kernels of Bayes by Backprop, as plainly as can be: the
// specification. gaussian_noise.h tells where the noise comes from.

#include <math.h>

static uint32_t rotated_plain(uint32_t word, int bits) {
  return word << bits | word >> (32 - bits);
}

/// The four words of a counter: Threefry4x32 with 13 rounds.
static void random_words_plain(const bbb_noise_key *key, uint32_t counter,
                               uint32_t words[4]) {
  static const int rotations[8][2] = {{10, 26}, {11, 21}, {13, 27}, {23, 5},
                                      {6, 20},  {17, 11}, {25, 10}, {18, 20}};
  const uint32_t keys[5] = {
      (uint32_t)key->seed, (uint32_t)(key->seed >> 32), key->stream, key->draw,
      0x1bd11bda ^ (uint32_t)key->seed ^ (uint32_t)(key->seed >> 32) ^
          key->stream ^ key->draw};
  uint32_t x[4] = {counter + keys[0], key->step + keys[1], keys[2], keys[3]};
  for (uint32_t round = 0; round < 13; round++) {
    // Every other round mixes the words the other way round.
    int partner = round % 2 == 0 ? 1 : 3;
    x[0] += x[partner];
    x[partner] = rotated_plain(x[partner], rotations[round % 8][0]) ^ x[0];
    x[2] += x[4 - partner];
    x[4 - partner] =
        rotated_plain(x[4 - partner], rotations[round % 8][1]) ^ x[2];
    if (round % 4 == 3) {
      uint32_t number = (round + 1) / 4;
      for (uint32_t k = 0; k < 4; k++) {
        x[k] += keys[(number + k) % 5];
      }
      x[3] += number;
    }
  }
  for (int k = 0; k < 4; k++) {
    words[k] = x[k];
  }
}

/// Standard normal number `number` of a stream, by Box and Muller.
static float normal_plain(const bbb_noise_key *key, size_t number) {
  size_t quarter = number % BBB_NOISE_BLOCK / (BBB_NOISE_BLOCK / 4);
  size_t counter = number / BBB_NOISE_BLOCK * (BBB_NOISE_BLOCK / 4) +
                   number % (BBB_NOISE_BLOCK / 4);
  uint32_t words[4];
  random_words_plain(key, (uint32_t)counter, words);
  const uint32_t *pair = words + quarter / 2 * 2;
  // Above 0, at most 1.
  float uniform = (float)(int32_t)(pair[0] >> 1 | 1) * 0x1p-31f;
  double angle = 6.2831853071795864769253 * ((float)(int32_t)pair[1] * 0x1p-32f);
  double radius = sqrt(-2 * log(uniform));
  return (float)(radius * (quarter % 2 == 0 ? cos(angle) : sin(angle)));
}

static double deviation_plain(float rho) {
  return (rho < 0 ? 0 : rho) + log1p(exp(-fabs((double)rho)));
}

/// The gradient of -log P(w).
static double prior_gradient_plain(const bbb_prior *prior, double w) {
  if (prior->kind != bbb_prior_mixture) {
    return w * prior->precision;
  }
  double difference = (double)prior->spike_precision - prior->precision;
  double odds = exp(prior->spike_log_odds - difference / 2 * w * w);
  return w * (odds / (1 + odds) * difference + prior->precision);
}

/// The parameter after a step; what the optimiser remembers is updated.
static float optimizer_step_plain(const bbb_optimizer *optimizer, double rate,
                                  float parameter, double gradient,
                                  float *momentum, float *square) {
  switch (optimizer->kind) {
  case bbb_gradient_descent:
    return (float)(parameter - rate * gradient);
  case bbb_momentum:
    *momentum = (float)(optimizer->momentum * *momentum + gradient);
    return (float)(parameter - rate * *momentum);
  case bbb_adam:
    *momentum = (float)(*momentum +
                        (1 - optimizer->momentum) * (gradient - *momentum));
    *square = (float)(optimizer->square_decay * *square +
                      (1 - optimizer->square_decay) * gradient * gradient);
    return (float)(parameter -
                   rate * *momentum / (sqrt(*square) + optimizer->epsilon));
  }
  return parameter;
}

/// A place in what an optimiser remembers; null where it remembers nothing.
static float *at_plain(float *memory, size_t position) {
  return memory ? memory + position : memory;
}

static void normals_plain(const bbb_noise_key *key, size_t start, size_t count,
                          float *output) {
  for (size_t i = 0; i < count; i++) {
    output[i] = normal_plain(key, start + i);
  }
}

static void word_streams_plain(const bbb_noise_key *key, size_t count,
                               uint32_t *output) {
  for (size_t i = 0; i < count; i++) {
    uint32_t words[4];
    random_words_plain(key, (uint32_t)i, words);
    for (size_t k = 0; k < 4; k++) {
      output[k * count + i] = words[k];
    }
  }
}

static void draw_weights_plain(const bbb_noise_key *key, const float *mean,
                               const float *rho, size_t start, size_t count,
                               float *weight) {
  for (size_t i = start; i < start + count; i++) {
    weight[i] =
        (float)(mean[i] + deviation_plain(rho[i]) * normal_plain(key, i));
  }
}

static void variances_plain(const float *rho, size_t start, size_t count,
                            float *variance) {
  for (size_t i = start; i < start + count; i++) {
    double sigma = deviation_plain(rho[i]);
    variance[i] = (float)(sigma * sigma);
  }
}

static void accumulate_gradient_plain(const bbb_posterior_step *step,
                                      float share, const float *mean,
                                      const float *rho, const float *weight,
                                      size_t start, size_t count,
                                      const float *gradient, float *first,
                                      float *second) {
  for (size_t i = 0; i < count; i++) {
    double w = weight[start + i];
    double noise = (w - mean[start + i]) / deviation_plain(rho[start + i]);
    double g = gradient[i];
    if (step->prior.kind != bbb_prior_gaussian_closed_form) {
      g += step->complexity_weight * prior_gradient_plain(&step->prior, w);
    }
    first[i] = (float)(first[i] + share * g);
    second[i] = (float)(second[i] + share * g * noise);
  }
}

static void step_posterior_plain(const bbb_posterior_step *step,
                                 const bbb_gaussian_parameters *parameters,
                                 size_t start, size_t count, const float *first,
                                 const float *second, float *weight,
                                 float *variance) {
  const int is_sampled = step->prior.kind != bbb_prior_gaussian_closed_form;
  const int is_of_moments = step->gradient == bbb_gradient_of_moments;
  const double cost_weight = step->complexity_weight;
  const double rate = step->optimizer.learning_rate;
  for (size_t i = 0; i < count; i++) {
    const size_t at = start + i;
    const double mean = parameters->mean[at], rho = parameters->rho[at];
    const double sigma = deviation_plain((float)rho);
    const double noise = weight || (is_of_moments && is_sampled)
                             ? normal_plain(&step->noise, at)
                             : 0;

    // The gradients with respect to the mean and the standard deviation.
    double mean_gradient = first[i];
    double deviation_gradient;
    if (step->gradient == bbb_gradient_of_draw) {
      if (is_sampled) {
        mean_gradient +=
            cost_weight * prior_gradient_plain(&step->prior, weight[at]);
      }
      // The draw's noise, by which sigma was multiplied.
      deviation_gradient = mean_gradient * (weight[at] - mean) / sigma;
    } else {
      deviation_gradient = second[i];
    }
    if (is_of_moments) {
      deviation_gradient *= 2 * sigma;
      if (is_sampled) {
        double slope = cost_weight * prior_gradient_plain(
                                         &step->prior, mean + sigma * noise);
        mean_gradient += slope;
        deviation_gradient += slope * noise;
      }
    }
    if (!is_sampled) {
      mean_gradient += cost_weight * step->prior.precision * mean;
      deviation_gradient += cost_weight * step->prior.precision * sigma;
    }
    // The entropy: the derivative of -log(sigma).
    deviation_gradient -= cost_weight / sigma;

    float new_mean = optimizer_step_plain(
        &step->optimizer, rate, (float)mean, mean_gradient,
        at_plain(parameters->mean_momentum, at),
        at_plain(parameters->mean_square, at));
    float new_rho = optimizer_step_plain(
        &step->optimizer, rate * step->rho_rate, (float)rho,
        deviation_gradient / (1 + exp(-rho)),
        at_plain(parameters->rho_momentum, at),
        at_plain(parameters->rho_square, at));
    parameters->mean[at] = new_mean;
    parameters->rho[at] = new_rho;
    double new_sigma = deviation_plain(new_rho);
    if (weight) {
      weight[at] = (float)(new_mean + new_sigma * noise);
    } else if (variance) {
      variance[at] = (float)(new_sigma * new_sigma);
    }
  }
}

static double complexity_cost_plain(const bbb_noise_key *key,
                                    const bbb_prior *prior, const float *mean,
                                    const float *rho, size_t start,
                                    size_t count) {
  const double half_log_precision = log(prior->precision) / 2;
  double total = 0;
  for (size_t i = start; i < start + count; i++) {
    double sigma = deviation_plain(rho[i]);
    double noise = normal_plain(key, i);
    double w = mean[i] + sigma * noise;
    // Both log densities without their common -log(2 pi) / 2.
    total -= log(sigma) + half_log_precision;
    switch (prior->kind) {
    case bbb_prior_gaussian_closed_form:
      total += (prior->precision *
                    (sigma * sigma + (double)mean[i] * mean[i]) -
                1) /
               2;
      break;
    case bbb_prior_gaussian:
      total += (prior->precision * w * w - noise * noise) / 2;
      break;
    case bbb_prior_mixture: {
      double odds = prior->spike_log_odds;
      // log(pi).
      double slab_share = -log1p(exp(odds + half_log_precision -
                                     log(prior->spike_precision) / 2));
      double slab = -(prior->precision * w * w) / 2;
      double spike = odds - prior->spike_precision * w * w / 2;
      double larger = fmax(slab, spike);
      total -= noise * noise / 2 + slab_share + larger +
               log(exp(slab - larger) + exp(spike - larger));
      break;
    }
    }
  }
  return total;
}

static void step_weights_plain(const bbb_optimizer *optimizer, float ridge,
                               float lasso, size_t start, size_t count,
                               const float *gradient, float *weight,
                               float *momentum, float *square) {
  for (size_t i = 0; i < count; i++) {
    float w = weight[start + i];
    double g = gradient[i] + (double)ridge * w + lasso * ((w > 0) - (w < 0));
    weight[start + i] = optimizer_step_plain(
        optimizer, optimizer->learning_rate, w, g,
        at_plain(momentum, start + i), at_plain(square, start + i));
  }
}
