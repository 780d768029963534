import BBBKernels
import BBBNetwork

/// The weights of a matrix, row by row, or the numbers of a constant as biases.
struct LayerWeights: Sendable {
  /// (rows, columns of a group), row-major.
  let weights: AlignedBuffer<Float>
  /// One for each row.
  let biases: [Float]

  /// Puts weights in the order of rows.
  ///
  /// - Parameters:
  ///   - tensor: In the order of a file's tensor.
  ///   - biases: One for each row.
  ///   - shape: How the tensor is arranged.
  init(_ tensor: [Float], biases: [Float], _ shape: WeightShape) {
    let columns = shape.channels * shape.taps
    weights = AlignedBuffer(repeating: 0, count: shape.rows * columns)
    for (position, weight) in tensor.enumerated() {
      let (row, column) = shape.place(at: position)
      weights.start[row * columns + column - shape.firstColumn(ofRow: row)] = weight
    }
    self.biases = biases
  }

  /// Weights in the order of rows.
  init(rows: [Float], biases: [Float]) {
    weights = AlignedBuffer(rows)
    self.biases = biases
  }

  /// The weights in the order of a file's tensor.
  func tensor(_ shape: WeightShape) -> [Float] {
    let columns = shape.channels * shape.taps
    return (0..<shape.count).map { position in
      let (row, column) = shape.place(at: position)
      return weights.start[row * columns + column - shape.firstColumn(ofRow: row)]
    }
  }
}
