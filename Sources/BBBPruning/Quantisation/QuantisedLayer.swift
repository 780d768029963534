/// A layer's weights after quantisation.
///
/// Errors are (ŵ − μ)/σ, so that half the square of one is what it costs in nats.
struct QuantisedLayer: Sendable {
  /// A weight that is left, and what it is worth.
  struct Weight: Sendable {
    var input: Int
    var output: Int
    /// Not 0.
    var value: Float
    /// The price of its bits, in nats.
    var bitsCost: Double
    /// Its error as it is rounded.
    var roundingError: Double
    /// Its error if it were removed.
    var removalError: Double
  }

  /// The weights left, in the order of the dense layer's.
  var weights: [Weight]

  /// Whether a weight leaves each input.
  ///
  /// - Parameter inputCount: The number of inputs.
  /// - Returns: A flag per input.
  func inputIsUsed(inputCount: Int) -> [Bool] {
    var isUsed = [Bool](repeating: false, count: inputCount)
    for weight in weights { isUsed[weight.input] = true }
    return isUsed
  }
}
