// The passes of a training step over the parameters, on every kind of prior, gradient and optimiser.

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { count = 5 * BBB_NOISE_BLOCK, kept = count - 37 };

/// What one step reads and writes.
typedef struct {
  bbb_gaussian_parameters parameters;
  float *first, *second, *weight, *variance;
} posterior;

enum { array_count = 10 };

static void point_to_arrays(posterior *p, float **arrays[array_count]) {
  float **all[array_count] = {
      &p->parameters.mean,         &p->parameters.rho,        &p->parameters.mean_momentum,
      &p->parameters.mean_square,  &p->parameters.rho_momentum, &p->parameters.rho_square,
      &p->first,                   &p->second,                &p->weight,
      &p->variance};
  memcpy(arrays, all, sizeof all);
}

static void fill(posterior *p) {
  float **arrays[array_count];
  point_to_arrays(p, arrays);
  for (int a = 0; a < array_count; a++) {
    *arrays[a] = room(count, 4);
  }
  for (int k = 0; k < kept; k++) {
    p->parameters.mean[k] = number_between(0.5f);
    p->parameters.rho[k] = -3 + number_between(2);
    p->parameters.mean_momentum[k] = number_between(0.1f);
    p->parameters.rho_momentum[k] = number_between(0.1f);
    p->parameters.mean_square[k] = fabsf(number_between(0.1f));
    p->parameters.rho_square[k] = fabsf(number_between(0.1f));
    p->first[k] = number_between(1);
    p->second[k] = number_between(1);
  }
}

static void copy(const posterior *from, posterior *to) {
  float **sources[array_count], **targets[array_count];
  point_to_arrays((posterior *)from, sources);
  point_to_arrays(to, targets);
  for (int a = 0; a < array_count; a++) {
    memcpy(*targets[a], *sources[a], count * sizeof(float));
  }
}

static void release(posterior *p) {
  float **arrays[array_count];
  point_to_arrays(p, arrays);
  for (int a = 0; a < array_count; a++) {
    free(*arrays[a]);
  }
}

static void compare(const float *one, const float *plain, const char *what, bbb_instruction_set set) {
  for (int k = 0; k < kept; k++) {
    check(fabsf(one[k] - plain[k]) <= 2e-5f * fmaxf(1, fabsf(plain[k])), what, set,
          one[k] - plain[k]);
  }
}

static bbb_prior prior_of(bbb_prior_kind kind) {
  // sigma1 = 1, sigma2 = exp(-3), pi = 1/4.
  bbb_prior prior = {kind, 1, expf(6), logf(0.75f / expf(-3)) - logf(0.25f)};
  return prior;
}

/// One step in a way, by both versions from the same beginning.
static void check_step(bbb_instruction_set set, const bbb_posterior_step *step) {
  posterior one, plain;
  fill(&one);
  fill(&plain);
  bbb_noise_key key = {3, 1, 4, 0};
  bbb_draw_weights(bbb_plain, key, one.parameters.mean, one.parameters.rho, 0, kept, one.weight);
  copy(&one, &plain);
  int has_draw = step->gradient != bbb_gradient_of_moments;
  int is_single = step->gradient == bbb_gradient_of_draw;
  posterior *both[2] = {&one, &plain};
  bbb_instruction_set sets[2] = {set, bbb_plain};
  for (int i = 0; i < 2; i++) {
    posterior *p = both[i];
    bbb_step_posterior(sets[i], step, &p->parameters, 0, kept, p->first,
                       is_single ? NULL : p->second, has_draw ? p->weight : NULL,
                       has_draw ? NULL : p->variance);
  }
  float **ones[array_count], **plains[array_count];
  point_to_arrays(&one, ones);
  point_to_arrays(&plain, plains);
  for (int a = 0; a < array_count; a++) {
    compare(*ones[a], *plains[a], "a step of a posterior", set);
  }
  release(&one);
  release(&plain);
}

static void check_draws(bbb_instruction_set set) {
  posterior p;
  fill(&p);
  bbb_noise_key key = {9, 2, 6, 1};
  float *plain = room(count, 4), *first = room(count, 4), *second = room(count, 4);
  const float *mean = p.parameters.mean, *rho = p.parameters.rho;
  bbb_draw_weights(set, key, mean, rho, 0, kept, p.weight);
  bbb_draw_weights(bbb_plain, key, mean, rho, 0, kept, plain);
  compare(p.weight, plain, "a drawn weight", set);
  bbb_variances(set, rho, 0, kept, p.variance);
  bbb_variances(bbb_plain, rho, 0, kept, plain);
  compare(p.variance, plain, "a variance", set);
  for (bbb_prior_kind kind = bbb_prior_mixture; kind <= bbb_prior_gaussian_closed_form; kind++) {
    bbb_prior prior = prior_of(kind);
    double cost = bbb_complexity_cost(set, key, &prior, mean, rho, 0, kept);
    double expected = bbb_complexity_cost(bbb_plain, key, &prior, mean, rho, 0, kept);
    check(fabs(cost - expected) <= 1e-5 * fabs(expected), "a complexity cost", set, cost - expected);
    bbb_posterior_step step = {.prior = prior, .complexity_weight = 0.01f};
    memcpy(first, p.first, count * sizeof(float));
    memcpy(second, p.second, count * sizeof(float));
    bbb_accumulate_gradient(set, &step, 0.5f, mean, rho, p.weight, 0, kept, p.first, p.first, p.second);
    bbb_accumulate_gradient(bbb_plain, &step, 0.5f, mean, rho, p.weight, 0, kept, first, first, second);
    compare(p.first, first, "a mean's gradient over draws", set);
    compare(p.second, second, "a deviation's gradient over draws", set);
  }
  free(plain);
  free(first);
  free(second);
  release(&p);
}

static void check_plain_weights(bbb_instruction_set set, const bbb_optimizer *optimizer) {
  posterior one, plain;
  fill(&one);
  fill(&plain);
  copy(&one, &plain);
  posterior *both[2] = {&one, &plain};
  bbb_instruction_set sets[2] = {set, bbb_plain};
  for (int i = 0; i < 2; i++) {
    bbb_gaussian_parameters *p = &both[i]->parameters;
    bbb_step_weights(sets[i], optimizer, 0.01f, 0.001f, 0, kept, both[i]->first, p->mean,
                     p->mean_momentum, p->mean_square);
  }
  compare(one.parameters.mean, plain.parameters.mean, "a step of a weight", set);
  compare(one.parameters.mean_momentum, plain.parameters.mean_momentum, "a momentum", set);
  compare(one.parameters.mean_square, plain.parameters.mean_square, "a mean square", set);
  release(&one);
  release(&plain);
}

void check_training(bbb_instruction_set set) {
  check_draws(set);
  for (bbb_optimizer_kind optimizer = bbb_gradient_descent; optimizer <= bbb_adam; optimizer++) {
    bbb_optimizer settings = {optimizer, 0.01f, 0.9f, 0.99f, 1e-4f};
    check_plain_weights(set, &settings);
    for (bbb_gradient_kind gradient = bbb_gradient_of_draw; gradient <= bbb_gradient_of_moments;
         gradient++) {
      for (bbb_prior_kind prior = bbb_prior_mixture; prior <= bbb_prior_gaussian_closed_form; prior++) {
        bbb_posterior_step step = {gradient,      prior_of(prior), 0.01f, settings, 2,
                                   {5, 1, 7, 0}};
        check_step(set, &step);
      }
    }
  }
}
