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

  /// The weight from an input to an output.
  func weight(from input: Int, to output: Int) -> Float {
    weights[layout == .outputInput ? output * inputCount + input : input * outputCount + output]
  }

  /// Whether a weight that is not zero leaves each input.
  ///
  /// - Parameter values: In the order of the layer's weights.
  /// - Returns: A flag per input.
  func inputIsUsed(by values: [Float]) -> [Bool] {
    var isUsed = [Bool](repeating: false, count: inputCount)
    for (position, value) in values.enumerated() where value != 0 {
      isUsed[input(at: position)] = true
    }
    return isUsed
  }
}
