import BBBInference

/// How what is left of a matrix is made from the values of the dense one.
struct LiveMatrix: Sendable {
  /// The connections between channels that are left.
  let connections: KeptPattern
  /// The number that each row has in the dense matrix.
  let rows: [Int]
  /// The connections that leave constant channels, between rows and columns numbered as in the dense
  /// matrix; `nil` if there are none.
  let fromConstants: KeptPattern?

  /// Adds what constant channels contribute to the biases.
  ///
  /// - Parameters:
  ///   - constants: What each channel that the matrix reads gives; only constant ones are read.
  ///   - channels: The channel of each column of the dense matrix.
  ///   - weights: Those of the dense matrix.
  ///   - biases: One for each row of the dense matrix.
  func fold(_ constants: [Float], _ channels: [Int], weights: [Float], into biases: inout [Float]) {
    guard let fromConstants else { return }
    for row in biases.indices {
      var sum = 0.0
      for entry in fromConstants.pattern.entries(ofRow: row) {
        let channel = channels[Int(fromConstants.pattern.columns[entry])]
        sum += Double(weights[fromConstants.positions[entry]]) * Double(constants[channel])
      }
      if sum != 0 { biases[row] = Float(Double(biases[row]) + sum) }
    }
  }

  /// Adds what shifts of the inputs contribute to the biases, through the weights that are left.
  ///
  /// - Parameters:
  ///   - matrix: The dense matrix.
  ///   - biases: One for each row of it.
  func foldInputShifts(of matrix: DenseMatrix, into biases: inout [Float]) {
    guard let shifts = matrix.inputShifts else { return }
    func sum(_ positions: ArraySlice<Int>) -> Double {
      positions.reduce(0) {
        $0 + Double(matrix.weights[$1]) * Double(shifts[matrix.shape.place(at: $1).column])
      }
    }
    var sums = [Double](repeating: 0, count: biases.count)
    for (index, row) in rows.enumerated() {
      sums[row] += sum(connections.positions[connections.pattern.entries(ofRow: index)])
    }
    if let fromConstants {
      for row in biases.indices {
        sums[row] += sum(fromConstants.positions[fromConstants.pattern.entries(ofRow: row)])
      }
    }
    for row in biases.indices where sums[row] != 0 {
      biases[row] = Float(Double(biases[row]) + sums[row])
    }
  }

  /// The matrix as it runs.
  ///
  /// - Parameters:
  ///   - matrix: The dense matrix, whose weights, and standard deviations if they are wanted, are gathered.
  ///   - biases: One for each row of the dense matrix, constants folded in.
  ///   - keepsDeviations: Whether standard deviations are gathered; biases without any are certain.
  /// - Returns: The matrix, sharing the memory of its pattern.
  func matrix(
    _ matrix: DenseMatrix, biases: [Float], keepsDeviations: Bool
  ) -> SparseMatrix {
    SparseMatrix(
      connections.pattern, values: connections.positions.map { matrix.weights[$0] },
      biases: rows.map { biases[$0] },
      standardDeviations: keepsDeviations
        ? matrix.deviations.map { deviations in
          SparseMatrix.StandardDeviations(
            weights: connections.positions.map { deviations[$0] },
            biases: rows.map { row in matrix.biasDeviations.map { $0[row] } ?? 0 })
        } : nil)
  }
}
