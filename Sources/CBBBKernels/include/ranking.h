// The inner loops of ranking weights by |mean| / standard deviation, in single
// precision: which weights certainly lie above or below a band of ratios, and
// which few must be looked at in double precision.

#ifndef BBB_RANKING_H
#define BBB_RANKING_H

#include <stddef.h>
#include <stdint.h>

#include "instruction_set.h"

/// The formulas that turn a stored number x into a standard deviation.
typedef enum {
  /// log(1 + exp(x)) + offset
  bbb_softplus = 0,
  /// exp(factor * x)
  bbb_exponential = 1,
  /// 1 / sqrt(factor * x + offset)
  bbb_inverse_root = 2,
} bbb_scale_formula;

typedef struct {
  bbb_scale_formula formula;
  /// Not negative.
  float factor;
  /// Not negative.
  float offset;
} bbb_scale;

/// The largest relative error of bbb_standard_deviations, and what its argument
/// may be for that to hold: beyond these bounds it gives 0.
///
/// Softplus and exponential: x (times factor) from -BBB_SCALE_EXPONENT_LIMIT,
/// for the exponential also to BBB_SCALE_EXPONENT_LIMIT; inverse root: x not
/// negative.
#define BBB_SCALE_ERROR 0x1p-18f
#define BBB_SCALE_EXPONENT_LIMIT 80.0f

/// The standard deviations that `count` stored numbers stand for. A NaN gives
/// 0.
void bbb_standard_deviations(bbb_instruction_set set, bbb_scale scale,
                             const float *stored, size_t count,
                             float *deviations);

/// Deviations and bounds of bands between these, and means that are finite,
/// neither overflow nor lose digits when they are multiplied and compared.
#define BBB_LEAST_ORDINARY 0x1p-60f
#define BBB_GREATEST_ORDINARY 0x1p60f

/// Whether all means are finite and all deviations between BBB_LEAST_ORDINARY
/// and BBB_GREATEST_ORDINARY. Either array may be null, which is ordinary.
int bbb_are_ordinary(bbb_instruction_set set, const float *means,
                     const float *deviations, size_t count);

/// How many weights lie above a band, and how many in it.
typedef struct {
  size_t above;
  size_t inside;
} bbb_band_counts;

/// Compares |mean| with two multiples of the standard deviation.
///
/// Bit i % 64 of word i / 64 becomes 1 in `above` where
/// |mean[i]| > high * deviation[i], and in `inside` where that is not so but
/// |mean[i]| >= low * deviation[i]; products are rounded to nearest.
/// Where `means` or `deviations` is null, 1 takes the place of its elements.
///
/// above, inside: (count + 63) / 64 words, all written; bits beyond `count` are
/// 0.
bbb_band_counts bbb_compare_with_band(bbb_instruction_set set,
                                      const float *means,
                                      const float *deviations, size_t count,
                                      float low, float high, uint64_t *above,
                                      uint64_t *inside);

#endif
