// The moments of rectified Gaussians, compiled once per instruction set by
// moments.c.
//
// With u = |mean| / deviation, a Gaussian with mean -u and deviation 1 has,
// rectified, the moments G(u) and H(u) of gaussian_tail.h, and one with mean +u
// has u + G and u^2 + 1 - H. So nothing cancels: the variances are H - G^2 and
// 1 - H - 2 u G - G^2.

#include "gaussian_tail.h"

INLINE void KERNEL(rectify)(float *means, float *variances, float *seconds) {
  FLOATS mean = KERNEL(load)(means);
  FLOATS variance = KERNEL(load)(variances);
  // NaN stays what it is.
  FLOATS positive = KERNEL(select)(mean <= 0, (FLOATS){}, mean);
  // A normal number: its root divides without overflow where it matters.
  INTS is_certain = variance < 1.2e-38f;
  FLOATS deviation = __builtin_elementwise_sqrt(
      KERNEL(select)(is_certain, KERNEL(all)(1.0f), variance));
  FLOATS u = __builtin_elementwise_min(KERNEL(absolute)(mean) / deviation,
                                       KERNEL(all)(1e4f));
  FLOATS first, second;
  KERNEL(tail_moments)(u, &first, &second);
  INTS is_positive = mean > 0;
  FLOATS spread = second - first * first;
  spread = KERNEL(select)(
      is_positive, 1.0f - second - 2.0f * u * first - first * first, spread);
  FLOATS shift = deviation * first;
  mean = KERNEL(select)(is_certain, positive, positive + shift);
  variance = KERNEL(select)(is_certain, (FLOATS){}, variance * spread);
  KERNEL(store)(means, mean);
  KERNEL(store)(variances, variance);
  KERNEL(store)(seconds, mean * mean + variance);
}

static void KERNEL(rectify_moments)(size_t count, float *mean, float *variance,
                                    float *second_moment) {
  size_t i = 0;
  for (; i + KERNEL_LANES <= count; i += KERNEL_LANES) {
    KERNEL(rectify)(mean + i, variance + i, second_moment + i);
  }
  if (i < count) {
    float rest[3][KERNEL_LANES] = {0};
    size_t size = (count - i) * sizeof(float);
    __builtin_memcpy(rest[0], mean + i, size);
    __builtin_memcpy(rest[1], variance + i, size);
    KERNEL(rectify)(rest[0], rest[1], rest[2]);
    __builtin_memcpy(mean + i, rest[0], size);
    __builtin_memcpy(variance + i, rest[1], size);
    __builtin_memcpy(second_moment + i, rest[2], size);
  }
}

/// The maximum is the one of the higher mean, h, and max(0, l - h), whose moments are
/// deviation * G(u) and deviation^2 * H(u), u the distance of the means in deviations of
/// the difference; Q = H + u G is the probability that l is larger, and
/// Cov(h, max(0, l - h)) = -Q Var h. So nothing cancels.
INLINE void KERNEL(maximum)(float *means, float *variances,
                            const float *other_means,
                            const float *other_variances) {
  FLOATS mean = KERNEL(load)(means), other_mean = KERNEL(load)(other_means);
  FLOATS variance = KERNEL(load)(variances);
  FLOATS other_variance = KERNEL(load)(other_variances);
  INTS is_higher = mean >= other_mean;
  FLOATS m = KERNEL(select)(is_higher, mean, other_mean);
  FLOATS v = KERNEL(select)(is_higher, variance, other_variance);
  FLOATS spread = variance + other_variance;
  INTS is_certain = spread < 1.2e-38f;
  FLOATS deviation = __builtin_elementwise_sqrt(
      KERNEL(select)(is_certain, KERNEL(all)(1.0f), spread));
  FLOATS u = __builtin_elementwise_min(
      KERNEL(absolute)(mean - other_mean) / deviation, KERNEL(all)(1e4f));
  FLOATS first, second;
  KERNEL(tail_moments)(u, &first, &second);
  FLOATS tail = second + u * first;
  FLOATS shift = deviation * first;
  FLOATS result = v * (1.0f - 2.0f * tail) + spread * (second - first * first);
  KERNEL(store)(means, KERNEL(select)(is_certain, m, m + shift));
  KERNEL(store)(variances, KERNEL(select)(is_certain, (FLOATS){}, result));
}

static void KERNEL(maximum_moments)(size_t count, float *mean, float *variance,
                                    const float *other_mean,
                                    const float *other_variance) {
  size_t i = 0;
  for (; i + KERNEL_LANES <= count; i += KERNEL_LANES) {
    KERNEL(maximum)(mean + i, variance + i, other_mean + i, other_variance + i);
  }
  if (i < count) {
    float rest[4][KERNEL_LANES] = {0};
    size_t size = (count - i) * sizeof(float);
    __builtin_memcpy(rest[0], mean + i, size);
    __builtin_memcpy(rest[1], variance + i, size);
    __builtin_memcpy(rest[2], other_mean + i, size);
    __builtin_memcpy(rest[3], other_variance + i, size);
    KERNEL(maximum)(rest[0], rest[1], rest[2], rest[3]);
    __builtin_memcpy(mean + i, rest[0], size);
    __builtin_memcpy(variance + i, rest[1], size);
  }
}
