// The kernels of ranking, compiled once per instruction set by ranking.c.

#include "vector_math.h"

typedef _Bool KERNEL(truths) __attribute__((ext_vector_type(KERNEL_LANES)));

/// One bit for each lane: whether the mask is set there.
INLINE uint64_t KERNEL(bits)(INTS mask) {
  KERNEL(truths) truths = __builtin_convertvector(mask, KERNEL(truths));
#if KERNEL_LANES == 16
  uint16_t bits;
#else
  uint8_t bits;
#endif
  __builtin_memcpy(&bits, &truths, sizeof bits);
  return bits & ((1u << KERNEL_LANES) - 1);
}

/// The elements of an array at `start`, those beyond its end being `rest`.
INLINE FLOATS KERNEL(load_up_to)(const float *source, size_t start,
                                 size_t count, float rest) {
  if (count - start >= KERNEL_LANES) {
    return KERNEL(load)(source + start);
  }
  FLOATS result = KERNEL(all)(rest);
  for (size_t lane = 0; lane < count - start; lane++) {
    result[lane] = source[start + lane];
  }
  return result;
}

INLINE FLOATS KERNEL(softplus)(FLOATS x, bbb_scale scale) {
  FLOATS positive = __builtin_elementwise_max(x, (FLOATS){});
  FLOATS small = KERNEL(exponential)(-KERNEL(absolute)(x));
  FLOATS result =
      positive + KERNEL(logarithm_of_one_plus)(small) + scale.offset;
  return KERNEL(select)(x >= -BBB_SCALE_EXPONENT_LIMIT, result, (FLOATS){});
}

INLINE FLOATS KERNEL(exponential_scale)(FLOATS x, bbb_scale scale) {
  FLOATS exponent = scale.factor * x;
  INTS is_accurate = KERNEL(absolute)(exponent) <= BBB_SCALE_EXPONENT_LIMIT;
  exponent = KERNEL(select)(is_accurate, exponent, (FLOATS){});
  return KERNEL(select)(is_accurate, KERNEL(exponential)(exponent),
                        (FLOATS){});
}

INLINE FLOATS KERNEL(inverse_root)(FLOATS x, bbb_scale scale) {
  FLOATS root = __builtin_elementwise_sqrt(scale.factor * x + scale.offset);
  return KERNEL(select)(x >= 0, 1.0f / root, (FLOATS){});
}

#define CONVERT_ALL(formula)                                                   \
  {                                                                            \
    size_t i = 0;                                                              \
    for (; i + KERNEL_LANES <= count; i += KERNEL_LANES) {                     \
      KERNEL(store)                                                            \
      (deviations + i, KERNEL(formula)(KERNEL(load)(stored + i), scale));      \
    }                                                                          \
    if (i < count) {                                                           \
      FLOATS rest =                                                            \
          KERNEL(formula)(KERNEL(load_up_to)(stored, i, count, 0), scale);     \
      for (size_t lane = 0; lane < count - i; lane++) {                        \
        deviations[i + lane] = rest[lane];                                     \
      }                                                                        \
    }                                                                          \
  }

static void KERNEL(standard_deviations)(bbb_scale scale, const float *stored,
                                        size_t count, float *deviations) {
  switch (scale.formula) {
  case bbb_softplus:
    CONVERT_ALL(softplus)
    break;
  case bbb_exponential:
    CONVERT_ALL(exponential_scale)
    break;
  case bbb_inverse_root:
    CONVERT_ALL(inverse_root)
    break;
  }
}

#undef CONVERT_ALL

INLINE INTS KERNEL(is_finite)(FLOATS mean) {
  return KERNEL(absolute)(mean) < __builtin_inff();
}

INLINE INTS KERNEL(is_ordinary)(FLOATS deviation) {
  return (deviation >= BBB_LEAST_ORDINARY) &
         (deviation <= BBB_GREATEST_ORDINARY);
}

static int KERNEL(are_ordinary)(const float *means, const float *deviations,
                                size_t count) {
  INTS all = ~(INTS){};
  const size_t whole = count - count % KERNEL_LANES;
  for (size_t i = 0; means && i < whole; i += KERNEL_LANES) {
    all &= KERNEL(is_finite)(KERNEL(load)(means + i));
  }
  for (size_t i = 0; deviations && i < whole; i += KERNEL_LANES) {
    all &= KERNEL(is_ordinary)(KERNEL(load)(deviations + i));
  }
  if (means) {
    all &= KERNEL(is_finite)(KERNEL(load_up_to)(means, whole, count, 0));
  }
  if (deviations) {
    all &= KERNEL(is_ordinary)(KERNEL(load_up_to)(deviations, whole, count, 1));
  }
  return KERNEL(bits)(all) == (1u << KERNEL_LANES) - 1;
}

/// Which of up to 64 weights, from number `start` on, lie above and inside.
INLINE void KERNEL(compare_word)(const float *means, const float *deviations,
                                 size_t start, size_t count, float low,
                                 float high, uint64_t *above,
                                 uint64_t *inside) {
  uint64_t above_bits = 0;
  uint64_t inside_bits = 0;
  for (size_t i = 0; i < 64 && start + i < count; i += KERNEL_LANES) {
    FLOATS mean = KERNEL(all)(1);
    if (means) {
      mean = KERNEL(absolute)(KERNEL(load_up_to)(means, start + i, count, 0));
    }
    FLOATS deviation = KERNEL(all)(1);
    if (deviations) {
      deviation = KERNEL(load_up_to)(deviations, start + i, count, 1);
    }
    INTS is_above = mean > high * deviation;
    INTS is_inside = ~is_above & (mean >= low * deviation);
    above_bits |= KERNEL(bits)(is_above) << i;
    inside_bits |= KERNEL(bits)(is_inside) << i;
  }
  *above = above_bits;
  *inside = inside_bits;
}

INLINE bbb_band_counts KERNEL(compare_all)(const float *means,
                                           const float *deviations,
                                           size_t count, float low, float high,
                                           uint64_t *above, uint64_t *inside) {
  bbb_band_counts counts = {0, 0};
  const size_t whole = count / 64;
  for (size_t word = 0; word < whole; word++) {
    // The count is a constant here, so that nothing asks for the end.
    KERNEL(compare_word)
    (means ? means + 64 * word : means,
     deviations ? deviations + 64 * word : deviations, 0, 64, low, high,
     above + word, inside + word);
    counts.above += (size_t)__builtin_popcountll(above[word]);
    counts.inside += (size_t)__builtin_popcountll(inside[word]);
  }
  if (count > 64 * whole) {
    KERNEL(compare_word)
    (means, deviations, 64 * whole, count, low, high, above + whole,
     inside + whole);
    const uint64_t valid = (UINT64_C(1) << (count - 64 * whole)) - 1;
    above[whole] &= valid;
    inside[whole] &= valid;
    counts.above += (size_t)__builtin_popcountll(above[whole]);
    counts.inside += (size_t)__builtin_popcountll(inside[whole]);
  }
  return counts;
}

static bbb_band_counts KERNEL(compare_with_band)(const float *means,
                                                 const float *deviations,
                                                 size_t count, float low,
                                                 float high, uint64_t *above,
                                                 uint64_t *inside) {
  // One loop for each case keeps the choice out of the loop.
  if (means && deviations) {
    return KERNEL(compare_all)(means, deviations, count, low, high, above,
                               inside);
  }
  if (means) {
    return KERNEL(compare_all)(means, NULL, count, low, high, above, inside);
  }
  return KERNEL(compare_all)(NULL, deviations, count, low, high, above, inside);
}
