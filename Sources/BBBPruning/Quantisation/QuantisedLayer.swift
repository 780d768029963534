/// A layer's weights after quantisation.
struct QuantisedLayer {
  /// A weight that is left, and what it is worth, in nats.
  struct Weight {
    var input: Int
    var output: Int
    /// The price of its bits.
    var bitsCost: Double
    /// What its rounding costs in expectation.
    var roundingCost: Double
    /// What its removal would cost in expectation.
    var removalCost: Double
  }

  /// In the order of the dense layer's weights; 0 where removed.
  var values: [Float]
  /// Σ (μ − ŵ)²/2σ² over the weights that were to be written, in nats.
  var cost: Double
  /// The weights left.
  var kept: [Weight] = []
}
