import Foundation

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

  /// The nats that are worth a bit of the file.
  ///
  /// One bit more per weight quarters the cost of rounding it: cost(bits) ∝ 4^−bits, so that at cost D a bit
  /// saves 2 ln 2 · D nats. At that price weights are removed, too, where that is cheaper than to write them.
  var natsPerBit: Double { 2 * log(2) * natsPerWeight }
}
