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

/// exp(x) for any x: infinite where it is too large, 0 where it is too small, subnormal
/// where it is almost.
INLINE FLOATS KERNEL(unlimited_exponential)(FLOATS x) {
  x = __builtin_elementwise_max(x, KERNEL(all)(-104.0f));
  x = __builtin_elementwise_min(x, KERNEL(all)(89.0f));
  // Adding 1.5 * 2^23 rounds to an integer, which the low bits then hold.
  FLOATS shifted = x * 1.442695041f + 12582912.0f;
  FLOATS whole = shifted - 12582912.0f;
  // The logarithm of 2 in two parts: products of the first are exact.
  FLOATS r = (x - whole * 0.693359375f) + whole * 2.121944401e-04f;
  FLOATS p = KERNEL(exponential)(r);
  // By powers of 2 that are normal numbers.
  INTS exponent = (INTS)shifted - 0x4b400000;
  INTS half = exponent >> 1;
  return p * (FLOATS)((half + 127) << 23) *
         (FLOATS)((exponent - half + 127) << 23);
}

/// log(x) for any x: -infinity at 0, NaN below.
INLINE FLOATS KERNEL(unlimited_logarithm)(FLOATS x) {
  INTS is_subnormal = x < 1.17549435e-38f;
  FLOATS result = KERNEL(logarithm)(
      KERNEL(select)(is_subnormal, x * 16777216.0f, x));
  result -= KERNEL(select)(is_subnormal, KERNEL(all)(16.6355323f), (FLOATS){});
  result = KERNEL(select)(x > 3.402823466e38f, x, result);
  result = KERNEL(select)(x == 0.0f, KERNEL(all)(-INFINITY), result);
  return KERNEL(select)(x < 0.0f, KERNEL(all)(NAN), result);
}

/// erf(x); its relative error is below 4e-7 too.
INLINE FLOATS KERNEL(error_function)(FLOATS x) {
  FLOATS u = KERNEL(absolute)(x);
  FLOATS q = x * x;
  FLOATS p = 7.853859280e-05f * q + -8.010195340e-04f;
  p = p * q + 5.188328210e-03f;
  p = p * q + -2.685381240e-02f;
  p = p * q + 1.128358520e-01f;
  p = p * q + -3.761262580e-01f;
  p = p * q + 1.128379170e+00f;
  // Farther out, 1 - 2 Q(sqrt(2) u), Q the normal distribution's upper tail.
  FLOATS first, second;
  FLOATS v = __builtin_elementwise_min(u * 1.414213562f, KERNEL(all)(12.0f));
  KERNEL(tail_moments)(v, &first, &second);
  FLOATS tail = 1.0f - 2.0f * (second + v * first);
  FLOATS sign = KERNEL(select)(x < 0.0f, KERNEL(all)(-1.0f), KERNEL(all)(1.0f));
  return KERNEL(select)(u < 1.0f, x * p, sign * tail);
}

/// The sine, or the cosine, of any x.
INLINE FLOATS KERNEL(wave)(FLOATS x, int is_cosine) {
  // 2 pi in three parts: products of the first two are exact.
  FLOATS near = __builtin_elementwise_min(
      __builtin_elementwise_max(x, KERNEL(all)(-3e4f)), KERNEL(all)(3e4f));
  FLOATS shifted = near * 0.159154943f + 12582912.0f;
  FLOATS whole = shifted - 12582912.0f;
  FLOATS r = near - whole * 6.28125f;
  r = r - whole * 1.934051513671875e-03f;
  r = r - whole * 1.255665893e-06f;
  FLOATS sine, cosine;
  KERNEL(sine_and_cosine_of_turns)(r * 0.159154943f, &sine, &cosine);
  FLOATS result = is_cosine ? cosine : sine;
  INTS is_far = KERNEL(absolute)(x) > 3e4f;
  if (__builtin_reduce_or(is_far)) {
    for (int lane = 0; lane < KERNEL_LANES; lane++) {
      double far = x[lane];
      if (is_far[lane]) {
        result[lane] = (float)(is_cosine ? cos(far) : sin(far));
      }
    }
  }
  return result;
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
  case bbb_activation_exponential:
    return KERNEL(unlimited_exponential)(x);
  case bbb_activation_logarithm:
    return KERNEL(unlimited_logarithm)(x);
  case bbb_activation_square_root:
    return __builtin_elementwise_sqrt(x);
  case bbb_activation_error_function:
    return KERNEL(error_function)(x);
  case bbb_activation_absolute:
    return KERNEL(absolute)(x);
  case bbb_activation_sign:
    return KERNEL(select)(x > 0.0f, KERNEL(all)(1.0f),
                          KERNEL(select)(is_negative, KERNEL(all)(-1.0f), x));
  case bbb_activation_floor:
    return __builtin_elementwise_floor(x);
  case bbb_activation_ceiling:
    return __builtin_elementwise_ceil(x);
  case bbb_activation_round:
    return __builtin_elementwise_roundeven(x);
  case bbb_activation_sine:
    return KERNEL(wave)(x, 0);
  case bbb_activation_cosine:
    return KERNEL(wave)(x, 1);
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
  case bbb_activation_exponential:
    KERNEL(activate_all)(bbb_activation_exponential, count, values);
    break;
  case bbb_activation_logarithm:
    KERNEL(activate_all)(bbb_activation_logarithm, count, values);
    break;
  case bbb_activation_square_root:
    KERNEL(activate_all)(bbb_activation_square_root, count, values);
    break;
  case bbb_activation_error_function:
    KERNEL(activate_all)(bbb_activation_error_function, count, values);
    break;
  case bbb_activation_absolute:
    KERNEL(activate_all)(bbb_activation_absolute, count, values);
    break;
  case bbb_activation_sign:
    KERNEL(activate_all)(bbb_activation_sign, count, values);
    break;
  case bbb_activation_floor:
    KERNEL(activate_all)(bbb_activation_floor, count, values);
    break;
  case bbb_activation_ceiling:
    KERNEL(activate_all)(bbb_activation_ceiling, count, values);
    break;
  case bbb_activation_round:
    KERNEL(activate_all)(bbb_activation_round, count, values);
    break;
  case bbb_activation_sine:
    KERNEL(activate_all)(bbb_activation_sine, count, values);
    break;
  case bbb_activation_cosine:
    KERNEL(activate_all)(bbb_activation_cosine, count, values);
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
  case bbb_activation_error_function:
    KERNEL(activate_all_gaussians)(bbb_activation_error_function, count, mean,
                                   variance, second_moment);
    break;
  case bbb_activation_sine:
    KERNEL(activate_all_gaussians)(bbb_activation_sine, count, mean, variance,
                                   second_moment);
    break;
  case bbb_activation_cosine:
    KERNEL(activate_all_gaussians)(bbb_activation_cosine, count, mean, variance,
                                   second_moment);
    break;
  case bbb_activation_relu:
  case bbb_activation_exponential:
  case bbb_activation_absolute:
    // There are formulas.
    break;
  case bbb_activation_logarithm:
  case bbb_activation_square_root:
  case bbb_activation_sign:
  case bbb_activation_floor:
  case bbb_activation_ceiling:
  case bbb_activation_round:
    // There is no rule.
    break;
  }
}
