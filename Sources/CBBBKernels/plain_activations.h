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
  case bbb_activation_exponential:
    return exp(x);
  case bbb_activation_logarithm:
    return log(x);
  case bbb_activation_square_root:
    return sqrt(x);
  case bbb_activation_error_function:
    return erf(x);
  case bbb_activation_absolute:
    return fabs(x);
  case bbb_activation_sign:
    return x > 0 ? 1 : x < 0 ? -1 : x;
  case bbb_activation_floor:
    return floor(x);
  case bbb_activation_ceiling:
    return ceil(x);
  case bbb_activation_round:
    return rint(x);
  case bbb_activation_sine:
    return sin(x);
  case bbb_activation_cosine:
    return cos(x);
  }
  return x;
}

static void activate_plain(bbb_activation activation, size_t count,
                           float *values) {
  for (size_t i = 0; i < count; i++) {
    values[i] = (float)activated_plain(activation, values[i]);
  }
}

/// Those of a log-normal distribution, the means being exponential functions of the
/// Gaussians' means already.
static void exponential_moments(size_t count, float *mean, float *variance,
                                float *second_moment) {
  for (size_t i = 0; i < count; i++) {
    double first = mean[i] * exp(variance[i] / 2.0);
    double spread = variance[i] == 0 ? 0 : first * first * expm1(variance[i]);
    mean[i] = (float)first;
    variance[i] = (float)spread;
    second_moment[i] = (float)(first * first + spread);
  }
}

/// Those of a folded normal distribution.
static void absolute_moments(size_t count, float *mean, float *variance,
                             float *second_moment) {
  for (size_t i = 0; i < count; i++) {
    double m = mean[i], v = variance[i], first = fabs(m);
    if (v > 0) {
      double u = m / sqrt(v);
      first = sqrt(v) * 0.7978845608028653558799 * exp(-u * u / 2) +
              m * erf(u * sqrt(0.5));
    }
    double spread = m * m + v - first * first;
    mean[i] = (float)first;
    variance[i] = (float)(spread < 0 || v == 0 ? 0 : spread);
    second_moment[i] = (float)(m * m + v);
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
