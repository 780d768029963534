/// The standard deviations of a fully connected layer with a value for every weight.
struct DenseDeviations: Sendable {
  /// In the order of the layer's weights.
  var weights: [Float]
  /// One per output; `nil` where the layer's biases are certain, or it has none.
  var biases: [Float]?
}
