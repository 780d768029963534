/// A number per weight that orders like the criterion: the bit patterns of numbers, those of negative ones
/// reversed, order like the numbers.
typealias RankKey = UInt64

extension RankKey {
  /// The key of a weight that an earlier pruning removed: it goes before all others.
  static let absent: RankKey = 0

  /// No key is greater.
  static let greatest = RankKey(score: .infinity)

  private static let signBit: RankKey = 1 << 63

  /// The key of a score, which is not NaN.
  @inline(__always)
  init(score: Double) {
    // The sum makes −0 the same as 0.
    let bits = (score + 0).bitPattern
    self = bits & Self.signBit == 0 ? bits | Self.signBit : ~bits
  }

  /// The score that the key stands for; `nil` for an absent weight, NaN for keys that no score has.
  var score: Double? {
    guard self != .absent else { return nil }
    return Double(bitPattern: self & Self.signBit == 0 ? ~self : self ^ Self.signBit)
  }
}
