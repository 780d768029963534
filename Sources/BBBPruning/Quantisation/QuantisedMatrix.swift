/// A matrix's weights after quantisation.
///
/// Errors are (ŵ − μ)/σ, so that half the square of one is what it costs in nats.
struct QuantisedMatrix: Sendable {
  /// A weight that is left, and what it is worth.
  struct Weight: Sendable {
    var row: Int
    var column: Int
    /// Not 0.
    var value: Float
    /// The price of its bits, in nats.
    var bitsCost: Double
    /// Its error as it is rounded.
    var roundingError: Double
    /// Its error if it were removed.
    var removalError: Double
  }

  /// The weights left, in the order of the dense matrix's.
  var weights: [Weight]
}
