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
