// The functions that follow a matrix, compiled once per instruction set by
// activations.c. Where a function is given by pieces, every lane computes all of
// them and takes the one that it needs.

#include "gaussian_tail.h"

/// 1 / (1 + exp(-x)).
INLINE FLOATS KERNEL(logistic)(FLOATS x) {
  FLOATS opposite = __builtin_elementwise_min(-x, KERNEL(all)(80.0f));
  return 1.0f / (1.0f + KERNEL(exponential)(opposite));
}

/// x Phi(x), Phi the standard normal distribution function: u Q(u) = phi(u) - G(u) is
/// what it lacks to max(0, x), for u = |x|.
INLINE FLOATS KERNEL(gelu)(FLOATS x) {
  // Farther out, nothing is lacking.
  FLOATS u = __builtin_elementwise_min(KERNEL(absolute)(x), KERNEL(all)(12.0f));
  FLOATS first, second;
  KERNEL(tail_moments)(u, &first, &second);
  FLOATS density = 0.398942280f * KERNEL(exponential)(-0.5f * u * u);
  return __builtin_elementwise_max(x, (FLOATS){}) - (density - first);
}

/// x times the logistic function of another number of the same sign.
INLINE FLOATS KERNEL(gated)(FLOATS x, FLOATS gate) {
  // Far below 0, where x is not finite or the gate no more than its least.
  return KERNEL(select)(x < -80.0f, (FLOATS){}, x * KERNEL(logistic)(gate));
}

INLINE FLOATS KERNEL(value)(bbb_activation activation, FLOATS x) {
  INTS is_negative = x < 0.0f;
  switch (activation) {
  case bbb_activation_leaky_relu:
    return KERNEL(select)(is_negative, 0.01f * x, x);
  case bbb_activation_elu:
    return KERNEL(select)(is_negative, KERNEL(exponential)(x) - 1.0f, x);
  case bbb_activation_selu:
    return 1.050700987f *
           KERNEL(select)(is_negative,
                          1.673263242f * (KERNEL(exponential)(x) - 1.0f), x);
  case bbb_activation_gelu:
    return KERNEL(gelu)(x);
  case bbb_activation_gelu_tanh:
    // (1 + tanh z) / 2 is the logistic function of 2 z.
    return KERNEL(gated)(x, 1.595769122f * (x + 0.044715f * x * x * x));
  case bbb_activation_silu:
    return KERNEL(gated)(x, x);
  case bbb_activation_tanh:
    return 1.0f - 2.0f * KERNEL(logistic)(-2.0f * x);
  case bbb_activation_sigmoid:
    return KERNEL(logistic)(x);
  case bbb_activation_softplus:
    return __builtin_elementwise_max(x, (FLOATS){}) +
           KERNEL(logarithm_of_one_plus)(
               KERNEL(exponential)(-KERNEL(absolute)(x)));
  case bbb_activation_hard_swish: {
    FLOATS gate = __builtin_elementwise_min(
        __builtin_elementwise_max(x + 3.0f, (FLOATS){}), KERNEL(all)(6.0f));
    return KERNEL(select)(x < -3.0f, (FLOATS){}, x * gate * (1.0f / 6.0f));
  }
  case bbb_activation_relu6:
    return KERNEL(select)(is_negative, (FLOATS){},
                          __builtin_elementwise_min(x, KERNEL(all)(6.0f)));
  case bbb_activation_relu:
    return KERNEL(select)(is_negative, (FLOATS){}, x);
  }
  return x;
}

/// The function's value; NaN for NaN, which minima and maxima would lose.
INLINE FLOATS KERNEL(activated)(bbb_activation activation, FLOATS x) {
  return KERNEL(select)(x == x, KERNEL(value)(activation, x), x);
}

INLINE void KERNEL(activate_all)(bbb_activation activation, size_t count,
                                 float *values) {
  size_t i = 0;
  for (; i + KERNEL_LANES <= count; i += KERNEL_LANES) {
    KERNEL(store)(values + i,
                  KERNEL(activated)(activation, KERNEL(load)(values + i)));
  }
  if (i < count) {
    float rest[KERNEL_LANES] = {0};
    size_t size = (count - i) * sizeof(float);
    __builtin_memcpy(rest, values + i, size);
    KERNEL(store)(rest, KERNEL(activated)(activation, KERNEL(load)(rest)));
    __builtin_memcpy(values + i, rest, size);
  }
}

INLINE void KERNEL(activate_gaussians)(bbb_activation activation, float *means,
                                       float *variances, float *seconds) {
  FLOATS mean = KERNEL(load)(means);
  FLOATS deviation = __builtin_elementwise_sqrt(KERNEL(load)(variances));
  // Moments about the value at the mean, so that small variances do not cancel.
  FLOATS centre = KERNEL(activated)(activation, mean);
  FLOATS first = {}, second = {};
  for (int node = 0; node < moment_node_count; node++) {
    FLOATS step = deviation * ((float)(node + 1) * moment_node_distance);
    FLOATS above = KERNEL(activated)(activation, mean + step) - centre;
    FLOATS below = KERNEL(activated)(activation, mean - step) - centre;
    first += moment_weights[node] * (above + below);
    second += moment_weights[node] * (above * above + below * below);
  }
  FLOATS variance = second - first * first;
  variance = KERNEL(select)(variance < 0.0f, (FLOATS){}, variance);
  mean = centre + first;
  KERNEL(store)(means, mean);
  KERNEL(store)(variances, variance);
  KERNEL(store)(seconds, mean * mean + variance);
}

INLINE void KERNEL(activate_all_gaussians)(bbb_activation activation, size_t count,
                                           float *mean, float *variance,
                                           float *second_moment) {
  size_t i = 0;
  for (; i + KERNEL_LANES <= count; i += KERNEL_LANES) {
    KERNEL(activate_gaussians)(activation, mean + i, variance + i,
                               second_moment + i);
  }
  if (i < count) {
    float rest[3][KERNEL_LANES] = {0};
    size_t size = (count - i) * sizeof(float);
    __builtin_memcpy(rest[0], mean + i, size);
    __builtin_memcpy(rest[1], variance + i, size);
    KERNEL(activate_gaussians)(activation, rest[0], rest[1], rest[2]);
    __builtin_memcpy(mean + i, rest[0], size);
    __builtin_memcpy(variance + i, rest[1], size);
    __builtin_memcpy(second_moment + i, rest[2], size);
  }
}

// Constants, so that each function is compiled by itself.

static void KERNEL(activate)(bbb_activation activation, size_t count,
                             float *values) {
  switch (activation) {
  case bbb_activation_leaky_relu:
    KERNEL(activate_all)(bbb_activation_leaky_relu, count, values);
    break;
  case bbb_activation_elu:
    KERNEL(activate_all)(bbb_activation_elu, count, values);
    break;
  case bbb_activation_selu:
    KERNEL(activate_all)(bbb_activation_selu, count, values);
    break;
  case bbb_activation_gelu:
    KERNEL(activate_all)(bbb_activation_gelu, count, values);
    break;
  case bbb_activation_gelu_tanh:
    KERNEL(activate_all)(bbb_activation_gelu_tanh, count, values);
    break;
  case bbb_activation_silu:
    KERNEL(activate_all)(bbb_activation_silu, count, values);
    break;
  case bbb_activation_tanh:
    KERNEL(activate_all)(bbb_activation_tanh, count, values);
    break;
  case bbb_activation_sigmoid:
    KERNEL(activate_all)(bbb_activation_sigmoid, count, values);
    break;
  case bbb_activation_softplus:
    KERNEL(activate_all)(bbb_activation_softplus, count, values);
    break;
  case bbb_activation_hard_swish:
    KERNEL(activate_all)(bbb_activation_hard_swish, count, values);
    break;
  case bbb_activation_relu6:
    KERNEL(activate_all)(bbb_activation_relu6, count, values);
    break;
  case bbb_activation_relu:
    KERNEL(activate_all)(bbb_activation_relu, count, values);
    break;
  }
}

static void KERNEL(activate_moments)(bbb_activation activation, size_t count,
                                     float *mean, float *variance,
                                     float *second_moment) {
  switch (activation) {
  case bbb_activation_leaky_relu:
    KERNEL(activate_all_gaussians)(bbb_activation_leaky_relu, count, mean, variance,
                                   second_moment);
    break;
  case bbb_activation_elu:
    KERNEL(activate_all_gaussians)(bbb_activation_elu, count, mean, variance,
                                   second_moment);
    break;
  case bbb_activation_selu:
    KERNEL(activate_all_gaussians)(bbb_activation_selu, count, mean, variance,
                                   second_moment);
    break;
  case bbb_activation_gelu:
    KERNEL(activate_all_gaussians)(bbb_activation_gelu, count, mean, variance,
                                   second_moment);
    break;
  case bbb_activation_gelu_tanh:
    KERNEL(activate_all_gaussians)(bbb_activation_gelu_tanh, count, mean, variance,
                                   second_moment);
    break;
  case bbb_activation_silu:
    KERNEL(activate_all_gaussians)(bbb_activation_silu, count, mean, variance,
                                   second_moment);
    break;
  case bbb_activation_tanh:
    KERNEL(activate_all_gaussians)(bbb_activation_tanh, count, mean, variance,
                                   second_moment);
    break;
  case bbb_activation_sigmoid:
    KERNEL(activate_all_gaussians)(bbb_activation_sigmoid, count, mean, variance,
                                   second_moment);
    break;
  case bbb_activation_softplus:
    KERNEL(activate_all_gaussians)(bbb_activation_softplus, count, mean, variance,
                                   second_moment);
    break;
  case bbb_activation_hard_swish:
    KERNEL(activate_all_gaussians)(bbb_activation_hard_swish, count, mean, variance,
                                   second_moment);
    break;
  case bbb_activation_relu6:
    KERNEL(activate_all_gaussians)(bbb_activation_relu6, count, mean, variance,
                                   second_moment);
    break;
  case bbb_activation_relu:
    // bbb_rectify_moments has formulas.
    break;
  }
}
