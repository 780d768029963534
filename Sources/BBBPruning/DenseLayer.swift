import BBBInference
import BBBPosterior

/// A fully connected layer with a value for every weight.
struct DenseLayer: Sendable {
  var inputCount: Int
  var outputCount: Int
  var layout: WeightLayout
  /// Row-major as the file shapes them.
  var weights: [Float]
  /// One per output; all zero where the network has none.
  var biases: [Float]
  var hasBias: Bool
  var activation: SparseLayer.Activation
}
