import CBBBKernels

/// Neighbouring keys, among which a cut is looked for.
struct KeyBand: Sendable {
  /// Both ends are part of the band.
  let keys: ClosedRange<RankKey>
  /// Where |μ| < `low` · σ in single precision, the key is below the band.
  let low: Float
  /// Where |μ| > `high` · σ in single precision, the key is above the band.
  let high: Float

  /// By how much single precision may mistake a ratio, relatively: a standard deviation is within
  /// `BBB_SCALE_ERROR` (2⁻¹⁸); one stored as a logarithm in double precision is rounded as such before,
  /// by 2⁻²⁴ of at most `BBB_SCALE_EXPONENT_LIMIT`; the other roundings are of 2⁻²⁴ each.
  static let errorBound = 0x1p-16

  init(_ keys: ClosedRange<RankKey>) {
    self.keys = keys
    // Bounds beyond what single precision compares safely are moved outwards, to where they are harmless.
    // What is compared is not negative, so that a negative bound has everything above it.
    let least = keys.lowerBound.score ?? 0
    let low = least > 0 ? Float(least * (1 - Self.errorBound)) : 0
    self.low = low < BBB_LEAST_ORDINARY ? 0 : min(low, BBB_GREATEST_ORDINARY)
    if let score = keys.upperBound.score, score.sign == .plus {
      let high = Float(score * (1 + Self.errorBound))
      self.high = high > BBB_GREATEST_ORDINARY ? .infinity : max(high, BBB_LEAST_ORDINARY)
    } else {
      // Every weight that is present lies above those that are not.
      high = -1
    }
  }
}
