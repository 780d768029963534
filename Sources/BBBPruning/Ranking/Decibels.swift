import CBBBLibc

/// A ratio of amplitudes in decibels, 20 log₁₀ of it; `nil` if that is not finite.
package func decibels(_ ratio: Double) -> Double? {
  let value = 20 * log10(ratio)
  return value.isFinite ? value : nil
}
