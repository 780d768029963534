import BBBKernels
import BBBNetwork
import BBBPruning

/// Which weights and biases of a matrix are left, row by row.
struct KeptPlaces: Sendable {
  /// For each row the places of ã, ascending; 0 is the bias.
  let rows: [[Int]]
  /// The bias of each row where it is not among them.
  let fixedBiases: [Double]

  /// - Parameters:
  ///   - matrix: The dense matrix.
  ///   - hasBias: Whether it has biases.
  ///   - mask: Which weights are left, in the order of the tensor.
  ///   - biasMask: Which biases are; `nil` for all.
  init(_ matrix: DenseMatrix, hasBias: Bool, _ mask: Mask, biases biasMask: Mask?) {
    let shape = matrix.shape
    var rows = (0..<shape.rows).map { hasBias && biasMask?[$0] ?? true ? [0] : [] }
    for position in mask.keptPositions {
      let (row, column) = shape.place(at: position)
      rows[row].append(1 + column - shape.firstColumn(ofRow: row))
    }
    self.rows = rows.map { $0.sorted() }
    fixedBiases = (0..<shape.rows).map { Double(matrix.biasesIfRemoved?[$0] ?? 0) }
  }
}

extension KeptPlaces {
  /// All places of a matrix.
  ///
  /// - Parameters:
  ///   - matrix: The dense matrix.
  ///   - hasBias: Whether it has biases.
  init(allOf matrix: DenseMatrix, hasBias: Bool) {
    let columns = matrix.shape.channels * matrix.shape.taps
    self.init(
      rows: Array(repeating: Array((hasBias ? 0 : 1)...columns), count: matrix.shape.rows),
      fixedBiases: Array(repeating: 0, count: matrix.shape.rows))
  }

  /// The weights that are left, without biases.
  var weightCount: Int { rows.reduce(0) { $0 + $1.count - ($1.first == 0 ? 1 : 0) } }

  /// The same biases, and other weights.
  ///
  /// - Parameter weights: For each row the places of weights, in any order.
  /// - Returns: The places.
  func keeping(_ weights: [[Int]]) -> KeptPlaces {
    KeptPlaces(
      rows: zip(rows, weights).map { ($0.first == 0 ? [0] : []) + $1.sorted() },
      fixedBiases: fixedBiases)
  }

  private init(rows: [[Int]], fixedBiases: [Double]) {
    self.rows = rows
    self.fixedBiases = fixedBiases
  }

  /// Which weights are left, in the order of a tensor.
  func mask(_ shape: WeightShape) -> Mask {
    var mask = Mask(repeating: false, count: shape.count)
    for (row, places) in rows.enumerated() {
      for place in places where place > 0 {
        mask[shape.position(row: row, column: shape.firstColumn(ofRow: row) + place - 1)] = true
      }
    }
    return mask
  }
}

/// Fits all rows of a matrix.
struct LayerRefit: Sendable {
  let matrix: MatrixPlan
  let moments: InputMoments
  let dense: LayerWeights
  let threadCount: Int

  /// The weights of the places that are left; others are 0.
  ///
  /// - Parameter kept: The places.
  /// - Returns: The matrix.
  func weights(_ kept: KeptPlaces) -> LayerWeights {
    let refits = (0..<matrix.groups).map { RowRefit(moments, group: $0) }
    let fitted = parallelMap(count: kept.rows.count, threadCount: threadCount) { row in
      let (group, number) = row.quotientAndRemainder(dividingBy: matrix.rows)
      let (own, places) = (dense.row(row, columns: matrix.columns), kept.rows[row])
      let refit = refits[group]
      guard
        var weights = refit.weights(
          number, own, places: places, fixedBias: kept.fixedBiases[row])
      else {
        return places.map { own[$0] }
      }
      if matrix.outputPositions > 1, !moments.targetSquares.isEmpty, places.first == 0 {
        let (factor, bias) = refit.widening(number, weights, places: places)
        weights = [bias] + weights.dropFirst().map { $0 * factor }
      }
      return weights
    }
    return LayerWeights(fitted, at: kept, columns: matrix.columns)
  }
}

extension LayerWeights {
  /// The matrix of some rows' numbers.
  init(_ rows: [[Double]], at kept: KeptPlaces, columns: Int) {
    var weights = [Float](repeating: 0, count: rows.count * columns)
    var biases = kept.fixedBiases.map(Float.init)
    for (row, numbers) in rows.enumerated() {
      for (place, number) in zip(kept.rows[row], numbers) {
        if place == 0 {
          biases[row] = Float(number)
        } else {
          weights[row * columns + place - 1] = Float(number)
        }
      }
    }
    self.init(rows: weights, biases: biases)
  }

  /// A row.
  func row(_ number: Int, columns: Int) -> DenseRow {
    DenseRow(weights: weights.start + number * columns, bias: Double(biases[number]))
  }
}
