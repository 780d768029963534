import BBBInference
import CBBBKernels

/// Quantises the weights and biases of matrices.
struct MatrixQuantiser {
  private let weights: Quantiser
  private let biases: Quantiser
  private let price: Double

  /// The correlation of a unit's inputs that is assumed: between 0.05 and 0.2 the divergence between the
  /// predictions before and after is smallest, by a quarter to a third less than at 0.
  static let inputCorrelation = 0.1
  /// No position takes fewer bits than these: a weight whose removal costs less than their price goes at once.
  private static let fewestBits = 4.0

  init(_ precision: Precision) {
    price = precision.natsPerBit
    weights = Quantiser(correlation: Self.inputCorrelation, price: price)
    biases = Quantiser(correlation: 0, price: price)
  }

  /// The weights of a matrix that may be worth their bits.
  ///
  /// - Parameters:
  ///   - keeps: Which of the weights a pruning leaves.
  ///   - matrix: The dense matrix, with the posterior means.
  ///   - deviations: σ of each weight.
  /// - Returns: Those of them whose removal costs more than the fewest bits.
  func mask(_ keeps: Mask, of matrix: DenseMatrix, deviations: [Float]) -> Mask {
    var mask = keeps
    for position in keeps.keptPositions
    where Self.removalCost(matrix.weights[position], deviations[position])
      <= price * Self.fewestBits
    {
      mask[position] = false
    }
    return mask
  }

  /// Quantises the weights of a matrix that are of use.
  ///
  /// - Parameters:
  ///   - matrix: The dense matrix, with the posterior means.
  ///   - deviations: σ of each weight.
  ///   - mask: Which weights are to be written, or removed if that is cheaper.
  ///   - rowIsWanted: Whether weights of each row are to be written.
  ///   - columnIsWanted: Whether weights of each column are.
  /// - Returns: The matrix.
  func quantise(
    _ matrix: DenseMatrix, deviations: [Float], mask: Mask, rowIsWanted: [Bool],
    columnIsWanted: [Bool]
  ) -> QuantisedMatrix {
    var columnIsUsed = [Bool](repeating: false, count: matrix.shape.columnCount)
    var cells = QuantiserCells(rowCount: matrix.shape.rows, placesPerRow: 0)
    var columns: [Int] = []
    let keptCount = mask.keptCount
    cells.means.reserveCapacity(keptCount)
    cells.deviations.reserveCapacity(keptCount)
    cells.rows.reserveCapacity(keptCount)
    columns.reserveCapacity(keptCount)
    for position in mask.keptPositions {
      let (row, column) = matrix.shape.place(at: position)
      guard rowIsWanted[row], columnIsWanted[column] else { continue }
      columnIsUsed[column] = true
      let mean = matrix.weights[position]
      cells.means.append(Double(mean))
      cells.deviations.append(Self.deviation(deviations[position], ofMean: mean))
      cells.rows.append(row)
      columns.append(column)
    }
    cells.placesPerRow = columnIsUsed.count(where: \.self)
    let quantised = weights.quantise(cells)
    var result = QuantisedMatrix(weights: [])
    result.weights.reserveCapacity(quantised.values.count { $0 != 0 })
    for (index, column) in columns.enumerated() where quantised.values[index] != 0 {
      let (mean, deviation) = (cells.means[index], cells.deviations[index])
      result.weights.append(
        QuantisedMatrix.Weight(
          row: cells.rows[index], column: column,
          value: quantised.values[index], bitsCost: price * quantised.bits[index],
          roundingError: (Double(quantised.values[index]) - mean) / deviation,
          removalError: -mean / deviation))
    }
    return result
  }

  /// What a matrix's quantisation is expected to cost, in nats.
  ///
  /// - Parameters:
  ///   - quantised: What is left of the matrix.
  ///   - keeps: Which of its weights a pruning leaves.
  ///   - matrix: The dense matrix, with the posterior means.
  ///   - deviations: σ of each weight.
  ///   - rowIsUsed: A flag per row; what leads to others costs nothing to remove.
  /// - Returns: Σ (μ − ŵ)²/2σ² over the weights that the pruning leaves.
  func cost(
    of quantised: QuantisedMatrix, _ keeps: Mask, of matrix: DenseMatrix, deviations: [Float],
    rowIsUsed: [Bool]
  ) -> Double {
    var removed = keeps
    var cost = 0.0
    for weight in quantised.weights {
      removed[matrix.shape.position(row: weight.row, column: weight.column)] = false
      cost += Quantiser.halfSquare(weight.roundingError)
    }
    for position in removed.keptPositions where rowIsUsed[matrix.shape.place(at: position).row] {
      cost += Self.removalCost(matrix.weights[position], deviations[position])
    }
    return cost
  }

  /// Quantises the biases of a compact model, whose matrices hold standard deviations.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - costs: For each matrix, what the biases' quantisation costs is added, in nats.
  /// - Returns: The model with other biases.
  func quantisingBiases(of model: CompactModel, adding costs: inout [Double]) -> CompactModel {
    let matrices = model.matrices.enumerated().map { index, matrix in
      let deviations = matrix.standardDeviations?.biases ?? []
      // Nothing says how exact the numbers of a constant must be that are certain: as floats they have no levels to share.
      let isCertainConstant =
        model.network.parameters[index].isConstant(in: model.network)
        && !deviations.contains { $0 > 0 }
      // Weights and biases are written in one encoding.
      let (quantised, cost) =
        !isCertainConstant && ValueEncoding.levels.isExact(for: matrix.values)
        ? quantise(matrix.biases, deviations: deviations)
        : rounded(
          matrix.biases, deviations: deviations,
          toHalf: ValueEncoding.float16.isExact(for: matrix.values))
      costs[index] += cost
      return matrix.with(biases: quantised)
    }
    return model.with(matrices: matrices)
  }

  private func quantise(
    _ numbers: [Float], deviations: [Float]
  ) -> (values: [Float], cost: Double) {
    guard zip(numbers, deviations).contains(where: { $1 > 0 }) else {
      return (BiasCodebook.rounded(numbers), 0)
    }
    // Where some biases are certain, the others' typical deviation stands in for theirs.
    let known = deviations.filter { $0 > 0 }.sorted()
    let typical = known[known.count / 2]
    let cells = QuantiserCells(
      means: numbers.map(Double.init),
      deviations: zip(numbers, deviations).map {
        Self.deviation($1 > 0 ? $1 : typical, ofMean: $0)
      },
      rows: Array(repeating: 0, count: numbers.count), rowCount: 1, placesPerRow: numbers.count)
    let result = biases.quantise(cells)
    return (result.values, result.cost)
  }

  /// Numbers as floats, beside weights that are floats.
  private func rounded(
    _ numbers: [Float], deviations: [Float], toHalf: Bool
  ) -> (values: [Float], cost: Double) {
    let halves = numbers.map { bbb_half_to_float(bbb_float_to_half($0)) }
    guard toHalf, halves.allSatisfy(\.isFinite) else { return (numbers, 0) }
    let cost = zip(zip(halves, numbers), deviations).reduce(0.0) { sum, element in
      let ((half, number), deviation) = element
      guard deviation > 0 else { return sum }
      return sum
        + Quantiser.halfSquare(
          Double(half - number) / Self.deviation(deviation, ofMean: number))
    }
    return (halves, cost)
  }

  /// What it costs to remove a weight, in nats.
  private static func removalCost(_ mean: Float, _ deviation: Float) -> Double {
    Quantiser.halfSquare(Double(mean) / Self.deviation(deviation, ofMean: mean))
  }

  /// σ as a divisor: no mean is better known than its own rounding to 24 bits.
  private static func deviation(_ deviation: Float, ofMean mean: Float) -> Double {
    max(Double(deviation), Double(mean.magnitude) * 0x1p-24, Double(Float.leastNormalMagnitude))
  }
}
