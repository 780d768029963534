#include "CBBBKernels.h"

enum { moment_node_count = 30 };

/// Between the nodes of a moment's sum, in deviations.
static const float moment_node_distance = 0.2f;

/// The standard normal density at the nodes above 0, which are those below it too;
/// with the node at 0 they add up to 1.
static const float moment_weights[moment_node_count] = {
    7.820853887e-02f, 7.365402813e-02f, 6.664492064e-02f,
    5.793831061e-02f, 4.839414495e-02f, 3.883721104e-02f,
    2.994549316e-02f, 2.218416696e-02f, 1.579003168e-02f,
    1.079819331e-02f, 7.094918576e-03f, 4.478906063e-03f,
    2.716593849e-03f, 1.583090318e-03f, 8.863696833e-04f,
    4.768176408e-04f, 2.464438339e-04f, 1.223803861e-04f,
    5.838938522e-05f, 2.676604518e-05f, 1.178861356e-05f,
    4.988494263e-06f, 2.028170415e-06f, 7.922598190e-07f,
    2.973439032e-07f, 1.072207070e-07f, 3.714723693e-08f,
    1.236524101e-08f, 3.954639285e-09f, 1.215176571e-09f,
};

#include "plain_activations.h"

#define KERNEL_SOURCE "activation_kernels.h"
#include "every_instruction_set.h"

void bbb_activate(bbb_instruction_set set, bbb_activation activation, size_t count,
                  float *values) {
  DISPATCH(set, activate, activation, count, values);
}

void bbb_activate_moments(bbb_instruction_set set, bbb_activation activation,
                          size_t count, float *mean, float *variance,
                          float *second_moment) {
  if (activation == bbb_activation_relu) {
    bbb_rectify_moments(set, count, mean, variance, second_moment);
    return;
  }
  if (activation == bbb_activation_exponential) {
    bbb_activate(set, activation, count, mean);
    exponential_moments(count, mean, variance, second_moment);
    return;
  }
  if (activation == bbb_activation_absolute) {
    absolute_moments(count, mean, variance, second_moment);
    return;
  }
  DISPATCH(set, activate_moments, activation, count, mean, variance, second_moment);
}
