// The moments of rectified Gaussians, as plainly as can be: the specification.

#include <math.h>

static void rectify_moments_plain(size_t count, float *mean, float *variance,
                                  float *second_moment) {
  for (size_t i = 0; i < count; i++) {
    // NaN stays what it is.
    double positive = mean[i] <= 0 ? 0 : mean[i];
    // A smaller number would not be a normal one.
    if (variance[i] < 1.2e-38f) {
      mean[i] = (float)positive;
      variance[i] = 0;
    } else {
      double deviation = sqrt(variance[i]);
      double u = fabs(mean[i]) / deviation;
      // The first two moments of max(0, h), h ~ N(-u, 1).
      double tail = erfc(u * sqrt(0.5)) / 2;
      double density = 0.3989422804014326779399 * exp(-u * u / 2);
      double first = density - u * tail;
      double second = (u * u + 1) * tail - u * density;
      double spread = mean[i] > 0 ? 1 - second - 2 * u * first : second;
      mean[i] = (float)(positive + deviation * first);
      variance[i] = (float)(variance[i] * (spread - first * first));
    }
    second_moment[i] = mean[i] * mean[i] + variance[i];
  }
}

static void maximum_moments_plain(size_t count, float *mean, float *variance,
                                  const float *other_mean,
                                  const float *other_variance) {
  for (size_t i = 0; i < count; i++) {
    // The maximum is the one of the higher mean, h, and max(0, l - h).
    int is_higher = mean[i] >= other_mean[i];
    double m = is_higher ? mean[i] : other_mean[i];
    double v = is_higher ? variance[i] : other_variance[i];
    double spread = (double)variance[i] + other_variance[i];
    double deviation = sqrt(spread);
    if (spread < 1.2e-38f) {
      mean[i] = (float)m;
      variance[i] = 0;
      continue;
    }
    double u = fabs((double)mean[i] - other_mean[i]) / deviation;
    double tail = erfc(u * sqrt(0.5)) / 2;
    double density = 0.3989422804014326779399 * exp(-u * u / 2);
    double first = density - u * tail;
    double second = (u * u + 1) * tail - u * density;
    mean[i] = (float)(m + deviation * first);
    // Cov(h, max(0, l - h)) = -v tail, by Stein's lemma.
    variance[i] =
        (float)(v * (1 - 2 * tail) + spread * (second - first * first));
  }
}
