// The functions that follow a matrix, as plainly as can be: the specification.

#include <math.h>

static double logistic_plain(double x) { return 1 / (1 + exp(-x)); }

static double activated_plain(bbb_activation activation, double x) {
  switch (activation) {
  case bbb_activation_leaky_relu:
    return x < 0 ? 0.01 * x : x;
  case bbb_activation_elu:
    return x < 0 ? expm1(x) : x;
  case bbb_activation_selu:
    return 1.0507009873554804934193 *
           (x < 0 ? 1.6732632423543772848170 * expm1(x) : x);
  case bbb_activation_gelu:
    return x < -80 ? 0 : x * erfc(-x * sqrt(0.5)) / 2;
  case bbb_activation_gelu_tanh:
    // (1 + tanh z) / 2 is the logistic function of 2 z.
    return x < -80 ? 0
                   : x * logistic_plain(1.5957691216057307117598 *
                                        (x + 0.044715 * x * x * x));
  case bbb_activation_silu:
    return x < -80 ? 0 : x * logistic_plain(x);
  case bbb_activation_tanh:
    return tanh(x);
  case bbb_activation_sigmoid:
    return logistic_plain(x);
  case bbb_activation_softplus:
    // Not fmax, which loses NaN.
    return (x < 0 ? 0 : x) + log1p(exp(-fabs(x)));
  case bbb_activation_hard_swish:
    return x < -3 ? 0 : x > 3 ? x : x * (x + 3) / 6;
  case bbb_activation_relu6:
    return x < 0 ? 0 : x > 6 ? 6 : x;
  case bbb_activation_relu:
    return x < 0 ? 0 : x;
  }
  return x;
}

static void activate_plain(bbb_activation activation, size_t count,
                           float *values) {
  for (size_t i = 0; i < count; i++) {
    values[i] = (float)activated_plain(activation, values[i]);
  }
}

static void activate_moments_plain(bbb_activation activation, size_t count,
                                   float *mean, float *variance,
                                   float *second_moment) {
  for (size_t i = 0; i < count; i++) {
    double deviation = sqrt(variance[i]);
    // Moments about the value at the mean, so that small variances do not
    // cancel.
    double centre = activated_plain(activation, mean[i]);
    double first = 0, second = 0;
    for (int node = 0; node < moment_node_count; node++) {
      double step = deviation * (node + 1) * moment_node_distance;
      double above = activated_plain(activation, mean[i] + step) - centre;
      double below = activated_plain(activation, mean[i] - step) - centre;
      first += moment_weights[node] * (above + below);
      second += moment_weights[node] * (above * above + below * below);
    }
    double spread = second - first * first;
    mean[i] = (float)(centre + first);
    variance[i] = (float)(spread < 0 ? 0 : spread);
    second_moment[i] = mean[i] * mean[i] + variance[i];
  }
}
