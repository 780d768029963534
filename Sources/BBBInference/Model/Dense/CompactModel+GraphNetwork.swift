import BBBNetwork

extension CompactModel {
  /// The model as a network with a value for every weight, as runtimes for dense matrices take it.
  ///
  /// Convolutions have as many groups as the weights that are left fall into, matrices biases where one is not 0. What pruning left no
  /// units of is gone: values without elements are not there, and what then depends on no input is a constant. Hidden units may
  /// stand in another order.
  ///
  /// - Parameter roundsToHalf: Whether weights, but no biases, are rounded to half precision.
  /// - Returns: The network, which computes the same up to the rounding of sums, and of weights.
  /// - Throws: ``CompactModelError`` if all weights together are more than 2³⁰, or an operation reads no elements and gives some.
  public func graphNetwork(
    roundingToHalf roundsToHalf: Bool = false
  ) throws(CompactModelError) -> GraphNetwork {
    var form = DenseForm(inGroupOrder(), roundsToHalf: roundsToHalf)
    return try form.network()
  }

  /// A network of dense values as it runs.
  ///
  /// - Parameters:
  ///   - graph: The network and its values; weights of 0 are absent.
  ///   - output: What the outputs mean.
  ///   - inputScaling: How bytes become inputs.
  public init(_ graph: GraphNetwork, output: OutputMeaning, inputScaling: InputScaling) {
    let matrices = zip(graph.network.parameters, graph.matrices).map { parameter, values in
      SparseMatrix(parameter.weights, values)
    }
    self.init(
      network: graph.network.sparseForm, matrices: matrices, output: output,
      inputScaling: inputScaling,
      origin: Origin(
        denseWeightCount: graph.matrices.reduce(0) { $0 + $1.weights.count },
        denseBiasCount: graph.matrices.reduce(0) { $0 + ($1.biases?.count ?? 0) },
        removedCount: 0, criterion: ""))
  }

  /// How far the outputs of another model are from this one's, for a few inputs made by a rule.
  ///
  /// - Parameters:
  ///   - other: A network of as many inputs and outputs.
  ///   - exampleCount: How many inputs.
  /// - Returns: The largest difference, as a fraction of the largest output; infinite where one is finite and the other is not.
  public func largestOutputDifference(
    from other: CompactModel, exampleCount: Int = 3
  ) -> Double {
    require(
      inputCount == other.inputCount && outputCount == other.outputCount,
      "networks of as many inputs and outputs")
    // The fractional parts of multiples of the golden ratio: evenly between −1 and 1, and never in step.
    let inputs = (1...exampleCount * inputCount).map { number -> Float in
      let multiple = Double(number) * 0.618033988749895
      return Float(2 * (multiple - multiple.rounded(.down)) - 1)
    }
    let (one, another) = (outputs(ofWhole: inputs), other.outputs(ofWhole: inputs))
    var (largest, difference) = (0.0, 0.0)
    for (one, another) in zip(one, another) {
      guard one.isFinite || another.isFinite else { continue }
      guard one.isFinite && another.isFinite else { return .infinity }
      largest = max(largest, Double(one.magnitude))
      difference = max(difference, (Double(one) - Double(another)).magnitude)
    }
    return difference == 0 ? 0 : difference / largest
  }
}

extension SparseMatrix {
  /// The weights of a dense matrix that are not 0.
  fileprivate init(_ shape: WeightShape, _ values: GraphNetwork.MatrixValues) {
    let rowLength = shape.channels * shape.taps
    var rowStarts: [UInt32] = [0]
    var columns: [UInt32] = []
    var weights: [Float] = []
    for row in 0..<shape.rows {
      let first = shape.firstColumn(ofRow: row)
      for column in 0..<rowLength {
        let weight = values.weights[row * rowLength + column]
        guard weight != 0 else { continue }
        columns.append(UInt32(first + column))
        weights.append(weight)
      }
      rowStarts.append(UInt32(columns.count))
    }
    self.init(
      SparsePattern(
        columnCount: shape.columnCount, rowStarts: rowStarts, columns: columns),
      values: weights,
      biases: values.biases ?? Array(repeating: 0, count: shape.rows))
  }
}
