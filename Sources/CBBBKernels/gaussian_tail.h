// The moments of a Gaussian's tail, for each instruction set as vector_math.h.
//
// With Q(u) the upper tail of the standard normal and phi its density,
//   G(u) = phi(u) - u Q(u)
//   H(u) = (u^2 + 1) Q(u) - u phi(u)
// are the first two moments of max(0, h), h ~ N(-u, 1).

#include "vector_math.h"

/// G(u) and H(u) for u from 0 on.
INLINE void KERNEL(tail_moments)(FLOATS u, FLOATS *first, FLOATS *second) {
  // phi(u) t^2 P(t) and phi(u) t^3 R(t), which go to 0 as they must; P and R are
  // minimax fits of the relative error up to u = 14, and hold 1 / sqrt(2 pi).
  FLOATS t = 1.0f / (1.0f + 0.3f * u);
  FLOATS p = -1.392717975e-02f * t + 1.541602209e-01f;
  p = p * t + -4.723304614e-01f;
  p = p * t + 5.335034862e-01f;
  p = p * t + -1.912228970e-01f;
  p = p * t + 2.005644042e-01f;
  p = p * t + 7.837338451e-02f;
  p = p * t + 7.402154432e-02f;
  p = p * t + 3.579995418e-02f;
  FLOATS r = -1.130832686e-01f * t + 7.320556332e-01f;
  r = r * t + -1.725653701e+00f;
  r = r * t + 1.732489349e+00f;
  r = r * t + -7.251296991e-01f;
  r = r * t + 4.466664220e-01f;
  r = r * t + 6.056687095e-02f;
  r = r * t + 7.083118347e-02f;
  r = r * t + 2.125778079e-02f;
  FLOATS density = KERNEL(exponential)(-0.5f * u * u);
  *first = density * t * t * p;
  *second = density * t * t * t * r;
}
