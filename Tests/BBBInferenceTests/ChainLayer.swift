import BBBNetwork

@testable import BBBInference

/// A layer of a multilayer perceptron, as tests write one down: a matrix, and what follows it.
struct ChainLayer: Equatable {
  var matrix: SparseMatrix
  var activation: Activation

  var inputCount: Int { matrix.columnCount }
  var outputCount: Int { matrix.rowCount }
  var weightCount: Int { matrix.weightCount }
  var rowStarts: [UInt32] { matrix.pattern.rowStarts }
  var columns: [UInt32] { matrix.pattern.columns }
  var values: [Float] { matrix.values }
  var biases: [Float] { matrix.biases }
  var standardDeviations: SparseMatrix.StandardDeviations? { matrix.standardDeviations }

  init(
    inputCount: Int, rowStarts: [UInt32], columns: [UInt32], values: [Float], biases: [Float],
    activation: Activation, standardDeviations: SparseMatrix.StandardDeviations? = nil
  ) {
    matrix = SparseMatrix(
      SparsePattern(columnCount: inputCount, rowStarts: rowStarts, columns: columns),
      values: values, biases: biases, standardDeviations: standardDeviations)
    self.activation = activation
  }

  init(_ matrix: SparseMatrix, _ activation: Activation) {
    self.matrix = matrix
    self.activation = activation
  }

  func with(standardDeviations: SparseMatrix.StandardDeviations?) -> ChainLayer {
    ChainLayer(matrix.with(standardDeviations: standardDeviations), activation)
  }
}

extension CompactModel {
  /// A multilayer perceptron.
  init(
    layers: [ChainLayer], output: OutputMeaning, inputScaling: InputScaling, origin: Origin
  ) {
    self.init(
      network: .multilayerPerceptron(
        [layers[0].inputCount] + layers.map(\.outputCount), activations: layers.map(\.activation)),
      matrices: layers.map(\.matrix), output: output, inputScaling: inputScaling, origin: origin)
  }

  /// The layers of a multilayer perceptron.
  var layers: [ChainLayer] {
    zip(matrices, Chain(network)?.activations ?? []).map { ChainLayer($0, $1) }
  }
}
