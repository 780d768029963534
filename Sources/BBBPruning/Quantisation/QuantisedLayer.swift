/// A layer's weights after quantisation.
///
/// Errors are (ŵ − μ)/σ, so that half the square of one is what it costs in nats.
struct QuantisedLayer {
  /// A weight that is left, and what it is worth.
  struct Weight {
    var input: Int
    var output: Int
    /// The price of its bits, in nats.
    var bitsCost: Double
    /// Its error as it is rounded.
    var roundingError: Double
    /// Its error if it were removed.
    var removalError: Double
  }

  /// In the order of the dense layer's weights; 0 where removed.
  var values: [Float]
  /// Σ (μ − ŵ)²/2σ² over the weights that were to be written, in nats.
  var cost: Double
  /// The weights left.
  var kept: [Weight] = []
}
