// The kernels of ranking, as plainly as can be: the specification.

#include <math.h>

/// What a stored number stands for; 0 for NaN, and beyond the formula's bounds.
static double standard_deviation_of_plain(bbb_scale scale, float x) {
  switch (scale.formula) {
  case bbb_softplus:
    return x >= -BBB_SCALE_EXPONENT_LIMIT
               ? fmax(x, 0) + log1p(exp(-fabs((double)x))) + scale.offset
               : 0;
  case bbb_exponential: {
    float exponent = scale.factor * x;
    return fabsf(exponent) <= BBB_SCALE_EXPONENT_LIMIT ? exp(exponent) : 0;
  }
  case bbb_inverse_root:
    return x >= 0 ? 1 / sqrt((double)scale.factor * x + scale.offset) : 0;
  }
  return 0;
}

static void standard_deviations_plain(bbb_scale scale, const float *stored,
                                      size_t count, float *deviations) {
  for (size_t i = 0; i < count; i++) {
    deviations[i] = (float)standard_deviation_of_plain(scale, stored[i]);
  }
}

static int are_ordinary_plain(const float *means, const float *deviations,
                              size_t count) {
  for (size_t i = 0; i < count; i++) {
    if ((means && !isfinite(means[i])) ||
        (deviations && !(deviations[i] >= BBB_LEAST_ORDINARY &&
                         deviations[i] <= BBB_GREATEST_ORDINARY))) {
      return 0;
    }
  }
  return 1;
}

static bbb_band_counts compare_with_band_plain(const float *means,
                                               const float *deviations,
                                               size_t count, float low,
                                               float high, uint64_t *above,
                                               uint64_t *inside) {
  bbb_band_counts counts = {0, 0};
  for (size_t word = 0; word < (count + 63) / 64; word++) {
    above[word] = inside[word] = 0;
  }
  for (size_t i = 0; i < count; i++) {
    float mean = means ? fabsf(means[i]) : 1;
    float deviation = deviations ? deviations[i] : 1;
    int is_above = mean > high * deviation;
    int is_inside = !is_above && mean >= low * deviation;
    above[i / 64] |= (uint64_t)is_above << i % 64;
    inside[i / 64] |= (uint64_t)is_inside << i % 64;
    counts.above += (size_t)is_above;
    counts.inside += (size_t)is_inside;
  }
  return counts;
}
