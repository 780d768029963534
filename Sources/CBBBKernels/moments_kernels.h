// The moments of rectified Gaussians, compiled once per instruction set by
// moments.c.
//
// With u = |mean| / deviation, Q(u) the upper tail of the standard normal and
// phi its density, a Gaussian with mean -u and deviation 1 has, rectified,
//   first moment   G = phi(u) - u Q(u)
//   second moment  H = (u^2 + 1) Q(u) - u phi(u)
// and one with mean +u has u + G and u^2 + 1 - H. So nothing cancels: the
// variances are H - G^2 and 1 - H - 2 u G - G^2.

#include "vector_math.h"

/// G(u) and H(u) for u from 0 on.
INLINE void KERNEL(tail_moments)(FLOATS u, FLOATS *first, FLOATS *second) {
  // phi(u) t^2 P(t) and phi(u) t^3 R(t), which go to 0 as they must; P and R are
  // minimax fits of the relative error up to u = 14, and hold 1 / sqrt(2 pi).
  FLOATS t = 1.0f / (1.0f + 0.3f * u);
  FLOATS p = -1.392717975e-02f * t + 1.541602209e-01f;
  p = p * t + -4.723304614e-01f;
  p = p * t + 5.335034862e-01f;
  p = p * t + -1.912228970e-01f;
  p = p * t + 2.005644042e-01f;
  p = p * t + 7.837338451e-02f;
  p = p * t + 7.402154432e-02f;
  p = p * t + 3.579995418e-02f;
  FLOATS r = -1.130832686e-01f * t + 7.320556332e-01f;
  r = r * t + -1.725653701e+00f;
  r = r * t + 1.732489349e+00f;
  r = r * t + -7.251296991e-01f;
  r = r * t + 4.466664220e-01f;
  r = r * t + 6.056687095e-02f;
  r = r * t + 7.083118347e-02f;
  r = r * t + 2.125778079e-02f;
  FLOATS density = KERNEL(exponential)(-0.5f * u * u);
  *first = density * t * t * p;
  *second = density * t * t * t * r;
}

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
