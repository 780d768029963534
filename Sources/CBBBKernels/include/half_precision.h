// Conversions between half and single precision.

#ifndef BBB_HALF_PRECISION_H
#define BBB_HALF_PRECISION_H

#include <stdint.h>
#include <string.h>

// By bits rather than `_Float16`, whose conversions need compiler support
// routines that not every system links.

/// IEEE 754 binary16 to binary32: exact; a NaN keeps its sign and payload.
static inline float bbb_half_to_float(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16;
  uint32_t exponent = (half >> 10) & 0x1F;
  uint32_t mantissa = half & 0x3FF;
  uint32_t bits;
  if (exponent == 0x1F) {
    bits = sign | 0x7F800000 | mantissa << 13;
  } else if (exponent != 0) {
    bits = sign | (exponent + 112) << 23 | mantissa << 13;
  } else {
    // Subnormal: mantissa * 2^-24, which binary32 holds exactly.
    float magnitude = (float)mantissa * 0x1p-24f;
    memcpy(&bits, &magnitude, sizeof bits);
    bits |= sign;
  }
  float result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

/// value / 2^shift to the nearest integer, ties to even.
static inline uint32_t bbb_shift_to_nearest_even(uint32_t value, int shift) {
  uint32_t quotient = value >> shift;
  uint32_t remainder = value & ((1u << shift) - 1);
  uint32_t half = 1u << (shift - 1);
  return quotient + (remainder > half || (remainder == half && quotient & 1));
}

/// IEEE 754 binary32 to binary16, to nearest, ties to even; beyond the largest
/// finite half becomes infinity.
static inline uint16_t bbb_float_to_half(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
  uint32_t magnitude = bits & 0x7FFFFFFF;
  if (magnitude > 0x7F800000) {
    return sign | 0x7E00;
  }
  if (magnitude >= 0x47800000) {
    return sign | 0x7C00;
  }
  if (magnitude >= 0x38800000) {
    // Normal: a carry out of the mantissa moves the exponent as it should.
    return (uint16_t)(sign |
                      bbb_shift_to_nearest_even(magnitude - 0x38000000, 13));
  }
  if (magnitude < 0x33000000) {
    return sign;
  }
  int shift = 126 - (int)(magnitude >> 23);
  uint32_t mantissa = (magnitude & 0x7FFFFF) | 0x800000;
  return (uint16_t)(sign | bbb_shift_to_nearest_even(mantissa, shift));
}

#endif
