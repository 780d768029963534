import CBBBLibc

/// How finely weights are rounded, by what the posterior says rounding costs.
///
/// Moving a mean μ by d costs about d²/2σ² nats of likelihood and prior together: that is how the posterior
/// N(μ, σ²) falls off. A weight drawn from the posterior costs half a nat on average.
public struct Precision: Hashable, Sendable {
  /// The expected cost of rounding one weight that is left, in nats.
  public let natsPerWeight: Double

  /// 3 % of what a draw from the posterior costs; `docs/file-size.md` shows what it does to real networks.
  public static let standard = Precision(uncheckedNatsPerWeight: 0.015)

  private init(uncheckedNatsPerWeight natsPerWeight: Double) {
    self.natsPerWeight = natsPerWeight
  }

  /// Creates a precision; `nil` unless the number is positive and finite.
  ///
  /// - Parameter natsPerWeight: The expected cost of rounding one weight, in nats.
  public init?(natsPerWeight: Double) {
    guard natsPerWeight > 0, natsPerWeight.isFinite else { return nil }
    self.natsPerWeight = natsPerWeight
  }

  /// A finer precision, at which the outputs should change by no more than a ceiling.
  ///
  /// The change grows with the root of the precision where errors are independent, and with up to its whole where
  /// they add up; three quarters is between.
  ///
  /// - Parameters:
  ///   - change: The change of the outputs at this precision, above the ceiling or not a number.
  ///   - ceiling: The largest change wanted.
  /// - Returns: The precision; `nil` if it would be finer than 32-bit floats are.
  func refined(from change: Double, to ceiling: Double) -> Precision? {
    let factor = change.isFinite ? pow(ceiling / change, 4 / 3) : 0
    let next = natsPerWeight * min(max(factor, 0.05), 0.7)
    return next < Self.finest ? nil : Precision(natsPerWeight: next)
  }

  /// Where even weights as large as 4,000 σ are worth more bits than a float has.
  private static let finest = 1e-7

  /// The nats that are worth a bit of the file.
  ///
  /// One bit more per weight quarters the cost of rounding it: cost(bits) ∝ 4^−bits, so that at cost D a bit
  /// saves 2 ln 2 · D nats. At that price weights are removed, too, where that is cheaper than to write them.
  var natsPerBit: Double { 2 * log(2) * natsPerWeight }
}
