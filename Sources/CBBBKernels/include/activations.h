// The functions that follow a matrix, and what they do to means and variances.

#ifndef BBB_ACTIVATIONS_H
#define BBB_ACTIVATIONS_H

#include <stddef.h>

#include "instruction_set.h"

/// The functions but the identity; docs/file-format.md has their formulas. Matrices
/// apply the rectifier themselves.
typedef enum {
  bbb_activation_leaky_relu,
  bbb_activation_elu,
  bbb_activation_selu,
  bbb_activation_gelu,
  bbb_activation_gelu_tanh,
  bbb_activation_silu,
  bbb_activation_tanh,
  bbb_activation_sigmoid,
  bbb_activation_softplus,
  bbb_activation_hard_swish,
  bbb_activation_relu6,
  bbb_activation_relu,
  bbb_activation_exponential,
  bbb_activation_logarithm,
  bbb_activation_square_root,
  bbb_activation_error_function,
  bbb_activation_absolute,
  bbb_activation_sign,
  bbb_activation_floor,
  bbb_activation_ceiling,
  bbb_activation_round,
  bbb_activation_sine,
  bbb_activation_cosine,
} bbb_activation;

/// Replaces each number by the function's value; NaN stays NaN, and is the logarithm and
/// the square root of a negative number.
///
/// The error is below 1e-6 of max(1, |value|). A number gives the same bits wherever
/// it stands.
void bbb_activate(bbb_instruction_set set, bbb_activation activation, size_t count,
                  float *values);

/// Replaces the mean and variance of each h ~ N(mean, variance) by those of the
/// function's value, and gives its second moment. The rectifier's are
/// those of bbb_rectify_moments; the exponential function's and the absolute value's are
/// exact to rounding.
///
/// The other integrals are sums over 61 nodes at distances of a fifth of the deviation. For
/// smooth functions that is exact to some 1e-6 for deviations up to 3; where the
/// slope jumps (leaky-relu, selu, hard-swish), to 2e-3 of the deviation, 3e-3 where it jumps twice (relu6).
/// Functions that jump, logarithm and square root have none.
void bbb_activate_moments(bbb_instruction_set set, bbb_activation activation,
                          size_t count, float *mean, float *variance,
                          float *second_moment);

#endif
