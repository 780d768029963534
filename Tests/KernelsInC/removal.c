// Removing weights from a row: against the plain version, and against what it means.

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { most = 67, kept = 1 };

typedef struct {
  double *weights, *costs;
  uint32_t *numbers, *order;
  size_t removed;
} removal;

static removal removing(bbb_instruction_set set, size_t count, double limit,
                        const double *covariance, const double *weights) {
  removal result = {room(most, sizeof(double)), room(most, sizeof(double)),
                    room(most, sizeof(uint32_t)), room(most, sizeof(uint32_t)), 0};
  double *lost = room(most * most, sizeof(double)), *scratch = room(most, sizeof(double));
  memcpy(lost, covariance, count * count * sizeof(double));
  memcpy(result.weights, weights, count * sizeof(double));
  result.removed = bbb_remove_weights(set, count, kept, limit, lost, result.weights, result.numbers,
                                      result.order, result.costs, scratch);
  free(lost);
  free(scratch);
  return result;
}

static void release(removal result) {
  free(result.weights);
  free(result.costs);
  free(result.numbers);
  free(result.order);
}

/// Of independent weights the cheapest is the smallest w^2 / K, and no other weight moves.
static void check_independent(bbb_instruction_set set, size_t count, const double *weights) {
  double *covariance = room(most * most, sizeof(double));
  for (size_t i = 0; i < count; i++) {
    covariance[i * count + i] = 1 + (double)(i % 5);
  }
  removal result = removing(set, count, INFINITY, covariance, weights);
  check(result.removed == count - kept, "all but those that never go are removed", set, (double)count);
  double last = 0;
  for (size_t i = 0; i < result.removed; i++) {
    const size_t number = result.order[i];
    const double cost = weights[number] * weights[number] / (2 * (1 + (double)(number % 5)));
    check(number >= kept && result.costs[i] == cost && cost >= last, "what a removal costs", set, cost);
    last = cost;
  }
  check(result.weights[0] == weights[0], "a weight that is independent stays as it is", set, weights[0]);
  release(result);
  free(covariance);
}

void check_removal(bbb_instruction_set set) {
  double *factor = room(most * most, sizeof(double)), *weights = room(most, sizeof(double));
  double *covariance = room(most * most, sizeof(double));
  for (size_t count = 1; count <= most; count += 11) {
    for (size_t i = 0; i < count; i++) {
      weights[i] = number_between(2);
      for (size_t j = 0; j < count; j++) {
        factor[i * count + j] = number_between(1);
      }
    }
    for (size_t i = 0; i < count; i++) {
      for (size_t j = 0; j < count; j++) {
        covariance[i * count + j] = i == j;
        for (size_t k = 0; k < count; k++) {
          covariance[i * count + j] += factor[i * count + k] * factor[j * count + k];
        }
      }
    }
    check_independent(set, count, weights);
    for (double limit = 0.01; limit < 1e9; limit *= 1e6) {
      removal expected = removing(bbb_plain, count, limit, covariance, weights);
      removal result = removing(set, count, limit, covariance, weights);
      check(result.removed == expected.removed, "how many weights go", set, limit);
      check(memcmp(result.order, expected.order, expected.removed * sizeof(uint32_t)) == 0,
            "the order of removal", set, limit);
      check(memcmp(result.costs, expected.costs, expected.removed * sizeof(double)) == 0,
            "the costs of removal", set, limit);
      const size_t left = count - expected.removed;
      check(memcmp(result.numbers, expected.numbers, left * sizeof(uint32_t)) == 0,
            "which weights are left", set, limit);
      check(memcmp(result.weights, expected.weights, left * sizeof(double)) == 0,
            "what is left of the weights", set, limit);
      release(expected);
      release(result);
    }
  }
  free(factor);
  free(weights);
  free(covariance);
}
