import BBBInference
import BBBNetwork
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
  /// What is added to each input before the weights apply, so that a weight that is removed takes its share
  /// along (``NormalisationFolding``); `nil` for nothing.
  var inputShifts: [Float]?
  /// What is left of each bias that is removed; `nil` for nothing.
  var biasesIfRemoved: [Float]?
  var activation: Activation

  /// The output that the weight at a position leads to.
  func output(at position: Int) -> Int {
    layout == .outputInput ? position / inputCount : position % outputCount
  }

  /// The input that the weight at a position comes from.
  func input(at position: Int) -> Int {
    layout == .outputInput ? position % inputCount : position / outputCount
  }

  /// The position of the weight from an input to an output.
  func position(from input: Int, to output: Int) -> Int {
    layout == .outputInput ? output * inputCount + input : input * outputCount + output
  }

  /// The weight from an input to an output.
  func weight(from input: Int, to output: Int) -> Float {
    weights[position(from: input, to: output)]
  }
}
