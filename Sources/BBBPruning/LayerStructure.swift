import BBBInference
import BBBNetwork

/// How the live part of a pruned layer is made from the values of the dense one.
struct LayerStructure: Sendable {
  /// The connections between live units.
  var connections: KeptConnections
  /// The number that each live unit has in the dense layer.
  var units: [Int]
  /// The connections that leave constant units of the layer before, between units numbered as in the
  /// dense layers; `nil` if there are none.
  var fromConstants: KeptConnections?

  /// Adds what constant units of the layer before contribute to the biases.
  ///
  /// - Parameters:
  ///   - constants: What each unit of the dense layer before gives; only constant ones are read.
  ///   - weights: Those of the dense layer.
  ///   - biases: One for each unit of the dense layer.
  func fold(_ constants: [Float], weights: [Float], into biases: inout [Float]) {
    guard let fromConstants else { return }
    for output in biases.indices {
      var sum = 0.0
      for index in fromConstants.row(output) {
        sum +=
          Double(weights[fromConstants.positions[index]])
          * Double(constants[Int(fromConstants.columns[index])])
      }
      if sum != 0 { biases[output] = Float(Double(biases[output]) + sum) }
    }
  }

  /// Adds what shifts of the inputs contribute to the biases, through the weights that are left.
  ///
  /// - Parameters:
  ///   - layer: The dense layer.
  ///   - biases: One for each unit of it.
  func foldInputShifts(of layer: DenseLayer, into biases: inout [Float]) {
    guard let shifts = layer.inputShifts else { return }
    func sum(_ positions: ArraySlice<Int>) -> Double {
      positions.reduce(0) {
        $0 + Double(layer.weights[$1]) * Double(shifts[layer.input(at: $1)])
      }
    }
    var sums = [Double](repeating: 0, count: biases.count)
    for (row, unit) in units.enumerated() {
      sums[unit] += sum(connections.positions[connections.row(row)])
    }
    if let fromConstants {
      for output in biases.indices {
        sums[output] += sum(fromConstants.positions[fromConstants.row(output)])
      }
    }
    for output in biases.indices where sums[output] != 0 {
      biases[output] = Float(Double(biases[output]) + sums[output])
    }
  }

  /// The layer's weights as they run.
  ///
  /// - Parameters:
  ///   - weights: Those of the dense layer.
  ///   - biases: One for each unit of the dense layer, constants folded in.
  ///   - deviations: Those of the dense layer, if the matrix is to hold them; biases without any are certain.
  /// - Returns: The matrix, sharing the memory of its structure.
  func matrix(
    weights: [Float], biases: [Float], deviations: DenseDeviations? = nil
  ) -> SparseMatrix {
    SparseMatrix(
      SparsePattern(
        columnCount: connections.inputCount, rowStarts: connections.rowStarts,
        columns: connections.columns),
      values: connections.positions.map { weights[$0] }, biases: units.map { biases[$0] },
      standardDeviations: deviations.map { deviations in
        SparseMatrix.StandardDeviations(
          weights: connections.positions.map { deviations.weights[$0] },
          biases: units.map { unit in deviations.biases.map { $0[unit] } ?? 0 })
      })
  }
}
