// Arithmetic, compiled once per instruction set by arithmetic.c. Each result is
// rounded once, so that all versions give the same bits.

#include "vector_math.h"

INLINE FLOATS KERNEL(computed)(bbb_arithmetic operation, FLOATS a, FLOATS b) {
  switch (operation) {
  case bbb_add: return a + b;
  case bbb_subtract: return a - b;
  case bbb_multiply: return a * b;
  case bbb_divide: return a / b;
  case bbb_minimum: return KERNEL(select)((a != a) | (a < b), a, b);
  case bbb_maximum: return KERNEL(select)((a != a) | (a > b), a, b);
  case bbb_power: {
    // The C library's, number by number, so that all versions give the same bits.
    FLOATS powers;
    for (int lane = 0; lane < KERNEL_LANES; lane++) {
      powers[lane] = powf(a[lane], b[lane]);
    }
    return powers;
  }
  case bbb_equal: return KERNEL(select)(a == b, KERNEL(all)(1), (FLOATS){});
  case bbb_less: return KERNEL(select)(a < b, KERNEL(all)(1), (FLOATS){});
  case bbb_select: return KERNEL(select)(b != 0, a, (FLOATS){});
  }
  return a;
}

/// A stretch of floats; an operand that is spread is a single one.
INLINE void KERNEL(compute_stretch)(bbb_arithmetic operation, size_t count,
                                    const float *a, int a_is_spread,
                                    const float *b, int b_is_spread,
                                    float *results) {
  const FLOATS all_a = KERNEL(all)(*a), all_b = KERNEL(all)(*b);
  size_t k = 0;
  for (; k + KERNEL_LANES <= count; k += KERNEL_LANES) {
    FLOATS x = a_is_spread ? all_a : KERNEL(load)(a + k);
    FLOATS y = b_is_spread ? all_b : KERNEL(load)(b + k);
    KERNEL(store)(results + k, KERNEL(computed)(operation, x, y));
  }
  for (; k < count; k++) {
    results[k] = computed(operation, a[a_is_spread ? 0 : k], b[b_is_spread ? 0 : k]);
  }
}

INLINE void KERNEL(compute_runs)(bbb_arithmetic operation,
                                 const bbb_arithmetic_run *runs, size_t run_count,
                                 size_t width, const float *one,
                                 const float *other, float *results) {
  for (size_t r = 0; r < run_count; r++) {
    const bbb_arithmetic_run *run = &runs[r];
    const float *a = one + run->operands[0] * width;
    const float *b = other + run->operands[1] * width;
    float *result = results + run->result * width;
    if (run->steps[0] && run->steps[1]) {
      KERNEL(compute_stretch)(operation, run->count * width, a, 0, b, 0, result);
    } else if (width == 1) {
      KERNEL(compute_stretch)
      (operation, run->count, a, !run->steps[0], b, !run->steps[1], result);
    } else {
      for (size_t k = 0; k < run->count; k++) {
        KERNEL(compute_stretch)
        (operation, width, a + k * run->steps[0] * width, 0,
         b + k * run->steps[1] * width, 0, result + k * width);
      }
    }
  }
}

static void KERNEL(compute)(bbb_arithmetic operation,
                            const bbb_arithmetic_run *runs, size_t run_count,
                            size_t width, const float *one, const float *other,
                            float *results) {
#define CASE(name)                                                             \
  case name:                                                                   \
    KERNEL(compute_runs)(name, runs, run_count, width, one, other, results);   \
    break
  // Constants, so that each case is compiled by itself.
  switch (operation) {
    CASE(bbb_add);
    CASE(bbb_subtract);
    CASE(bbb_multiply);
    CASE(bbb_divide);
    CASE(bbb_minimum);
    CASE(bbb_maximum);
    CASE(bbb_power);
    CASE(bbb_equal);
    CASE(bbb_less);
    CASE(bbb_select);
  }
#undef CASE
}
