// The order in which weights leave a row of a Gaussian: conditioning, one after the
// other.

#ifndef BBB_REMOVAL_H
#define BBB_REMOVAL_H

#include <stddef.h>
#include <stdint.h>

#include "instruction_set.h"

/// Removes weights from a row w ~ N(w, K), each time the one whose removal costs
/// least, w_q^2 / 2 K_qq (Hassibi and Stork 1993), and conditions the others on its
/// being 0: w -= K_q w_q / K_qq, K -= K_q K_q^T / K_qq. Of equal costs the weight of
/// the lower number goes first.
///
/// count: the weights. The first `kept_count` never go.
/// limit: no weight goes that costs more; infinity removes all.
/// covariance: count * count; the lower triangle is read, and lost.
/// weights: count; on return those that are left, in the places of `numbers`.
/// numbers: count; on return the numbers of the weights that are left, in the first
/// places.
/// scratch: count.
/// order, costs: for each removal the weight's number, and what it cost.
///
/// Returns how many were removed. All results are bit for bit those of the plain
/// version.
size_t bbb_remove_weights(bbb_instruction_set set, size_t count,
                          size_t kept_count, double limit, double *covariance,
                          double *weights, uint32_t *numbers, uint32_t *order,
                          double *costs, double *scratch);

#endif
