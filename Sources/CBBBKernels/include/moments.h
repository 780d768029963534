// The means and variances of rectified Gaussians and of maxima.

#ifndef BBB_MOMENTS_H
#define BBB_MOMENTS_H

#include <stddef.h>

#include "instruction_set.h"

/// Replaces the mean and variance of each h ~ N(mean, variance) by those of
/// max(0, h), and gives its second moment, E[max(0, h)^2].
///
/// The variances are not negative; at 0 the results are max(0, mean) and 0. Each
/// result is exact to a few millionths of itself for |mean| up to 13 standard
/// deviations; farther below 0 it is less than 1e-38 of the scale.
void bbb_rectify_moments(bbb_instruction_set set, size_t count, float *mean,
                         float *variance, float *second_moment);

/// Replaces the mean and variance of each h ~ N(mean, variance) by those of
/// max(h, g), g ~ N(other_mean, other_variance) and independent.
///
/// Source: Clark, *The greatest of a finite set of random variables*, Operations
/// Research 9 (1961), 145-162.
void bbb_maximum_moments(bbb_instruction_set set, size_t count, float *mean,
                         float *variance, const float *other_mean,
                         const float *other_variance);

#endif
