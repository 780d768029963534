/// A layer's weights by input, numbered as the network runs: what its other forms are made from.
struct NumberedColumns {
  private let weights: GroupedWeights

  var inputCount: Int { weights.groupCount }
  var outputCount: Int { weights.positionExtent }
  /// The position of each input's first weight, and the number of weights.
  var starts: [Int] { weights.starts }
  /// The output that each weight leads to, ascending within an input.
  var outputs: [UInt32] { weights.positions }
  var values: [Float] { weights.values }

  /// Renumbers a layer's weights.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - inputs: The number in the layer of each input; all inputs that weights leave.
  ///   - outputs: The number in the layer of each output; all of them.
  ///   - inputCounts: How many weights leave each of the layer's inputs, if that is known already.
  init(_ layer: SparseLayer, inputs: [Int], outputs: [Int], inputCounts: [Int]? = nil) {
    weights = layer.groupedByOutput.transposed(
      groupOrder: outputs, positionOrder: inputs, positionCounts: inputCounts)
  }

  /// The positions of the weights that leave an input.
  func column(_ input: Int) -> Range<Int> { starts[input]..<starts[input + 1] }

  /// How many weights lead from some inputs to each output.
  func weightCounts(of inputs: Range<Int>) -> [Int] {
    CountingSort.occurrences(
      of: outputs[starts[inputs.lowerBound]..<starts[inputs.upperBound]], bound: outputCount)
  }
}
