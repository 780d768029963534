/// A number per weight that orders like the criterion: numbers that are not negative order like their
/// bit patterns.
typealias RankKey = UInt64

extension RankKey {
  /// The key of a weight that an earlier pruning removed: it goes before all others.
  static let absent: RankKey = 0

  /// No key is greater.
  static let greatest = RankKey(score: .infinity)

  /// The key of a score, which is neither negative nor NaN.
  @inline(__always)
  init(score: Double) { self = score.bitPattern + 1 }

  /// The score that the key stands for; `nil` for an absent weight.
  var score: Double? { self == .absent ? nil : Double(bitPattern: self - 1) }
}
