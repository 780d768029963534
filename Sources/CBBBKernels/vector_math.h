// Elementary functions on vectors of floats, written once with clang's vector
// extensions and compiled for each instruction set, which defines KERNEL_LANES,
// the floats in a vector, and KERNEL(name), a name of its own.
// Relative errors are below 4e-7 for finite arguments unless said. The
// polynomials are minimax fits of the relative error.

typedef float KERNEL(floats)
    __attribute__((vector_size(4 * KERNEL_LANES), aligned(4), may_alias));
typedef int32_t KERNEL(ints)
    __attribute__((vector_size(4 * KERNEL_LANES), aligned(4), may_alias));
typedef uint32_t KERNEL(words)
    __attribute__((vector_size(4 * KERNEL_LANES), aligned(4), may_alias));

#define FLOATS KERNEL(floats)
#define INTS KERNEL(ints)
#define WORDS KERNEL(words)
#define INLINE static inline __attribute__((always_inline))

INLINE FLOATS KERNEL(all)(float value) { return (FLOATS){} + value; }

INLINE FLOATS KERNEL(load)(const float *source) {
  return *(const FLOATS *)source;
}

INLINE void KERNEL(store)(float *target, FLOATS value) {
  *(FLOATS *)target = value;
}

/// Lane by lane `a` where the mask is set (-1), else `b`.
INLINE FLOATS KERNEL(select)(INTS mask, FLOATS a, FLOATS b) {
  return (FLOATS)((mask & (INTS)a) | (~mask & (INTS)b));
}

INLINE FLOATS KERNEL(absolute)(FLOATS x) {
  return (FLOATS)((INTS)x & 0x7fffffff);
}

/// exp(x) for x up to 80; below -87 it is exp(-87), so that nothing is
/// subnormal, which would cost a hundred cycles. The relative error grows to
/// 2e-6 towards the ends.
INLINE FLOATS KERNEL(exponential)(FLOATS x) {
  x = __builtin_elementwise_max(x, KERNEL(all)(-87.0f));
  // Adding 1.5 * 2^23 rounds to an integer, which the low bits then hold.
  FLOATS shifted = x * 1.442695041f + 12582912.0f;
  FLOATS r = x * 1.442695041f - (shifted - 12582912.0f);
  FLOATS p = 1.327647152e-03f * r + 9.675541331e-03f;
  p = p * r + 5.550713275e-02f;
  p = p * r + 2.402211972e-01f;
  p = p * r + 6.931469671e-01f;
  p = p * r + 1.000000072e+00f;
  return (FLOATS)((INTS)p + ((INTS)shifted << 23));
}

/// log(x) for positive, normal x.
INLINE FLOATS KERNEL(logarithm)(FLOATS x) {
  // Splits x into f * 2^e with f from sqrt(1/2) to sqrt(2).
  INTS offset = (INTS)x - 0x3f3504f3;
  FLOATS exponent = __builtin_convertvector(offset >> 23, FLOATS);
  FLOATS f = (FLOATS)((offset & 0x7fffff) + 0x3f3504f3) - 1.0f;
  FLOATS p = 8.722349138e-02f * f + -1.436683993e-01f;
  p = p * f + 1.495226762e-01f;
  p = p * f + -1.656239358e-01f;
  p = p * f + 1.995683351e-01f;
  p = p * f + -2.500207405e-01f;
  p = p * f + 3.333418563e-01f;
  p = p * f + -4.999998796e-01f;
  FLOATS result = f * f * p + f;
  return exponent * 0.693147181f + result;
}

/// log(1 + x) for x from 0 to 1.
INLINE FLOATS KERNEL(logarithm_of_one_plus)(FLOATS x) {
  FLOATS p = 5.232687895e-03f * x + -2.950521325e-02f;
  p = p * x + 7.822591030e-02f;
  p = p * x + -1.366324227e-01f;
  p = p * x + 1.910600510e-01f;
  p = p * x + -2.484298179e-01f;
  p = p * x + 3.331909675e-01f;
  p = p * x + -4.999949314e-01f;
  p = p * x + 9.999999699e-01f;
  return x * p;
}

/// The sine and cosine of 2 pi `turns`, for turns from -1/2 to 1/2; absolute
/// error below 3e-7.
INLINE void KERNEL(sine_and_cosine_of_turns)(FLOATS turns, FLOATS *sine,
                                             FLOATS *cosine) {
  // The nearest quarter turn, then the rest from -1/8 to 1/8.
  FLOATS shifted = turns * 4.0f + 12582912.0f;
  INTS quarter = (INTS)shifted;
  FLOATS r = turns - (shifted - 12582912.0f) * 0.25f;
  FLOATS q = r * r;
  FLOATS s = -7.539356282e+01f * q + 8.159235355e+01f;
  s = s * q + -4.134166145e+01f;
  s = (s * q + 6.283185287e+00f) * r;
  FLOATS c = 5.920279622e+01f * q + -8.544229798e+01f;
  c = c * q + 6.493931074e+01f;
  c = c * q + -1.973920863e+01f;
  c = c * q + 1.0f;
  INTS is_odd = -(quarter & 1);
  INTS sine_sign = (quarter & 2) << 30;
  INTS cosine_sign = ((quarter + 1) & 2) << 30;
  *sine = (FLOATS)((INTS)KERNEL(select)(is_odd, c, s) ^ sine_sign);
  *cosine = (FLOATS)((INTS)KERNEL(select)(is_odd, s, c) ^ cosine_sign);
}
