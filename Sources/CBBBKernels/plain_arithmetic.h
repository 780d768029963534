// Arithmetic, as plainly as can be: the specification.

#include <math.h>

static inline float computed(bbb_arithmetic operation, float a, float b) {
  switch (operation) {
  case bbb_add: return a + b;
  case bbb_subtract: return a - b;
  case bbb_multiply: return a * b;
  case bbb_divide: return a / b;
  // NaN stays what it is.
  case bbb_minimum: return a != a || a < b ? a : b;
  case bbb_maximum: return a != a || a > b ? a : b;
  case bbb_power: return powf(a, b);
  case bbb_equal: return a == b ? 1 : 0;
  case bbb_less: return a < b ? 1 : 0;
  case bbb_select: return b != 0 ? a : 0;
  }
  return 0;
}

static void compute_plain(bbb_arithmetic operation, const bbb_arithmetic_run *runs,
                          size_t run_count, size_t width, const float *one,
                          const float *other, float *results) {
  for (size_t r = 0; r < run_count; r++) {
    const bbb_arithmetic_run *run = &runs[r];
    for (size_t k = 0; k < run->count; k++) {
      const float *a = one + (run->operands[0] + k * run->steps[0]) * width;
      const float *b = other + (run->operands[1] + k * run->steps[1]) * width;
      float *result = results + (run->result + k) * width;
      for (size_t t = 0; t < width; t++) {
        result[t] = computed(operation, a[t], b[t]);
      }
    }
  }
}
