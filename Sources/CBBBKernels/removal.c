#include "CBBBKernels.h"

// One rounding for each operation, so that every instruction set removes alike.
#pragma STDC FP_CONTRACT OFF

#include "plain_removal.h"

#define KERNEL_SOURCE "removal_kernels.h"
#include "every_instruction_set.h"

static void subtract_multiple(bbb_instruction_set set, size_t count,
                              double factor, const double *subtracted,
                              double *numbers) {
  DISPATCH(set, subtract_multiple, count, factor, subtracted, numbers);
}

/// The place of the weight whose removal costs least; `left` if none may go.
static size_t cheapest(size_t kept_count, size_t left, size_t stride,
                       double limit, const double *covariance,
                       const double *weights, const uint32_t *numbers,
                       double *cost) {
  size_t best = left;
  for (size_t i = kept_count; i < left; i++) {
    double its = weights[i] * weights[i] / (2 * covariance[i * stride + i]);
    // Where rounding has left no variance, others already do what the weight does.
    if (!(covariance[i * stride + i] > 0)) {
      its = 0;
    }
    if (its <= limit &&
        (best == left || its < *cost ||
         (its == *cost && numbers[i] < numbers[best]))) {
      best = i;
      *cost = its;
    }
  }
  return best;
}

size_t bbb_remove_weights(bbb_instruction_set set, size_t count,
                          size_t kept_count, double limit, double *covariance,
                          double *weights, uint32_t *numbers, uint32_t *order,
                          double *costs, double *scratch) {
  for (size_t i = 0; i < count; i++) {
    numbers[i] = (uint32_t)i;
  }
  size_t removed = 0;
  size_t left = count;
  for (;;) {
    double cost = 0;
    const size_t q = cheapest(kept_count, left, count, limit, covariance,
                              weights, numbers, &cost);
    if (q == left) {
      return removed;
    }
    order[removed] = numbers[q];
    costs[removed++] = cost;
    // Its column, the last weight's in its place.
    const double variance = covariance[q * count + q];
    const double weight = weights[q];
    const size_t last = --left;
    for (size_t i = 0; i < q; i++) {
      scratch[i] = covariance[q * count + i];
    }
    for (size_t i = q + 1; i <= last; i++) {
      scratch[i] = covariance[i * count + q];
    }
    if (q < last) {
      scratch[q] = scratch[last];
      for (size_t i = 0; i < q; i++) {
        covariance[q * count + i] = covariance[last * count + i];
      }
      for (size_t i = q + 1; i < last; i++) {
        covariance[i * count + q] = covariance[last * count + i];
      }
      covariance[q * count + q] = covariance[last * count + last];
      weights[q] = weights[last];
      numbers[q] = numbers[last];
    }
    if (!(variance > 0)) {
      continue;
    }
    const double factor = weight / variance;
    for (size_t i = 0; i < left; i++) {
      weights[i] -= scratch[i] * factor;
      subtract_multiple(set, i + 1, scratch[i] / variance, scratch,
                        covariance + i * count);
    }
  }
}
