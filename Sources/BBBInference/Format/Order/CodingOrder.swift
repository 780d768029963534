/// The order of a network's hidden units, which does not change its function but the bytes it takes.
///
/// Groups that are numbered by falling count, equal counts by first position, are coded best
/// (``OrderedGaps``). A hidden unit can be numbered by its incoming weights or by its outgoing ones, not by
/// both. Positions along the other axis must be settled first, so units of the matrices up to a *turn* are
/// numbered by their incoming weights, first to last, and the others by their outgoing weights, last to
/// first.
extension CompactModel {
  /// The same network with its hidden units in the order that takes the fewest bytes in a file.
  ///
  /// Every turn is tried, but only the last where positions hardly matter beside the values. Predictions may
  /// differ in the rounding of sums.
  ///
  /// - Returns: The network, renumbered.
  public func inCodingOrder() -> CompactModel { CodingOrder(self).model }

  /// The network as a `.bbbz` file, with its hidden units in the order that takes the fewest bytes.
  ///
  /// It is the file of ``inCodingOrder()``, in less time: what the trials wrote is not written again.
  ///
  /// - Parameter valueEncoding: As for ``encoded(valuesAs:)``.
  /// - Returns: The whole file.
  /// - Throws: ``CompactModelError`` as ``encoded(valuesAs:)`` does.
  public func encodedInCodingOrder(
    valuesAs valueEncoding: ValueEncoding?
  ) throws(CompactModelError) -> [UInt8] {
    let order = CodingOrder(self)
    return try order.model.encoded(valuesAs: valueEncoding, connections: order.connections)
  }
}

/// A network in coding order, and its connections as they are written.
struct CodingOrder {
  let model: CompactModel
  /// Each matrix's connections in the coding that takes the fewest bits; `nil` where none was tried.
  let connections: [CodedConnections]?

  /// Above this density a weight's position takes less than two bits.
  private static let largestTrialDensity = 0.25

  /// Finds the order.
  init(_ model: CompactModel) {
    let patterns = model.matrices.map(\.pattern)
    let last = patterns.count - 1
    guard Chain(model.network) != nil else {
      self.model = model
      connections = nil
      return
    }
    let forward = OrderByIncomingWeights(model.matrices)
    let possible = patterns.reduce(0) { $0 + $1.rowCount * $1.columnCount }
    let density = Double(model.weightCount) / Double(max(possible, 1))
    guard last > 0, density < Self.largestTrialDensity else {
      let numbered = patterns.indices.map {
        forward.matrix($0, outputs: forward.outputs(ofMatrix: $0))
      }
      self.model = model.renumbered(numbered)
      connections = nil
      return
    }
    let backward = OrderByOutgoingWeights(model.matrices)
    // How a matrix is numbered depends only on which side of the turn it lies.
    let before = (0..<last).map { index in
      CodedMatrix(forward.matrix(index, outputs: forward.outputs(ofMatrix: index)))
    }
    let between = (0...last).map { index in
      CodedMatrix(forward.matrix(index, outputs: backward.outputs(ofMatrix: index)))
    }
    let behind = (1...last).map { CodedMatrix(backward.matrix($0)) }
    var best: [CodedMatrix] = []
    var fewestBits = Double.infinity
    for turn in (0...last).reversed() {
      let candidate = before[..<turn] + [between[turn]] + behind[turn...]
      let bits = candidate.reduce(0) { $0 + $1.connections.estimatedBits }
      if bits < fewestBits { (best, fewestBits) = (Array(candidate), bits) }
    }
    self.model = model.renumbered(best.map(\.numbered))
    connections = best.map(\.connections)
  }
}

/// A matrix with its columns and rows in other orders.
private struct NumberedMatrix {
  /// The outputs in their new order; `nil` keeps it.
  var outputs: [Int]?
  var byOutput: ArrangedPattern
  /// The same weights, a row for each input, where they are at hand.
  var byInput: SparsePattern?
}

/// A numbered matrix and its connections as they are written.
private struct CodedMatrix {
  var numbered: NumberedMatrix
  var connections: CodedConnections

  /// Writes a matrix's connections.
  init(_ numbered: NumberedMatrix) {
    self.numbered = numbered
    connections = .shortest(
      byInput: numbered.byInput ?? numbered.byOutput.transposed().pattern,
      byOutput: numbered.byOutput.pattern)
    self.numbered.byInput = nil
  }
}

/// The order of hidden units by their incoming weights, settled first to last.
private struct OrderByIncomingWeights {
  private var orders: [[Int]] = []
  /// The weights of each matrix by output, with the inputs in order.
  private var weights: [ArrangedPattern] = []

  init(_ matrices: [SparseMatrix]) {
    for matrix in matrices {
      var byOutput = ArrangedPattern(matrix.pattern)
      if let inputs = orders.last { byOutput = byOutput.selecting(columns: inputs) }
      weights.append(byOutput)
      if orders.count < matrices.count - 1 { orders.append(byOutput.codingOrder(matrix.values)) }
    }
  }

  /// The order of a matrix's outputs; `nil` for the last, which keep theirs.
  func outputs(ofMatrix index: Int) -> [Int]? { index < orders.count ? orders[index] : nil }

  /// A matrix with its inputs in order.
  ///
  /// - Parameters:
  ///   - index: The number of the matrix.
  ///   - outputs: The order of the outputs; `nil` keeps it.
  /// - Returns: The matrix, renumbered.
  func matrix(_ index: Int, outputs: [Int]?) -> NumberedMatrix {
    NumberedMatrix(
      outputs: outputs,
      byOutput: outputs.map { weights[index].selecting(rows: $0) } ?? weights[index])
  }
}

/// The order of hidden units by their outgoing weights, settled last to first.
private struct OrderByOutgoingWeights {
  private var orders: [[Int]] = []
  /// The weights of each matrix but the first by input, with the outputs in order.
  private var weights: [ArrangedPattern] = []

  init(_ matrices: [SparseMatrix]) {
    for matrix in matrices.dropFirst().reversed() {
      let byInput = ArrangedPattern(matrix.pattern).transposed(rows: orders.first)
      weights.insert(byInput, at: 0)
      orders.insert(byInput.codingOrder(matrix.values), at: 0)
    }
  }

  /// The order of a matrix's outputs; `nil` for the last, which keep theirs.
  func outputs(ofMatrix index: Int) -> [Int]? { index < orders.count ? orders[index] : nil }

  /// A matrix but the first with its inputs and outputs in order.
  func matrix(_ index: Int) -> NumberedMatrix {
    let byInput = weights[index - 1].selecting(rows: orders[index - 1])
    return NumberedMatrix(
      outputs: outputs(ofMatrix: index), byOutput: byInput.transposed(), byInput: byInput.pattern)
  }
}

extension ArrangedPattern {
  /// The rows by falling count, then by columns, then by values, so that the order they come in matters
  /// only where they are alike.
  ///
  /// - Parameter values: One for each entry of the first pattern.
  /// - Returns: The rows in their new order.
  fileprivate func codingOrder(_ values: [Float]) -> [Int] {
    let counts = pattern.rowCounts
    var order = CountingSort.fallingOrder(counts)
    var start = 0
    while start < order.count {
      let count = counts[order[start]]
      let end = order[start...].firstIndex { counts[$0] != count } ?? order.count
      order[start..<end].sort { precedes($0, $1, values) }
      start = end
    }
    return order
  }

  /// Whether one of two rows of as many weights comes first.
  private func precedes(_ one: Int, _ other: Int, _ values: [Float]) -> Bool {
    let (first, second) = (pattern.entries(ofRow: one), pattern.entries(ofRow: other))
    let columns = pattern.columns
    for (index, counterpart) in zip(first, second) where columns[index] != columns[counterpart] {
      return columns[index] < columns[counterpart]
    }
    for (index, counterpart) in zip(first, second) {
      let (value, other) = (values[Int(origins[index])], values[Int(origins[counterpart])])
      if value != other { return value < other }
    }
    return one < other
  }
}

extension CompactModel {
  /// The model with its matrices numbered otherwise.
  fileprivate func renumbered(_ numbered: [NumberedMatrix]) -> CompactModel {
    with(matrices: zip(matrices, numbered).map { $0.renumbered($1) })
  }
}

extension SparseMatrix {
  /// The matrix with its rows and columns numbered otherwise.
  fileprivate func renumbered(_ numbered: NumberedMatrix) -> SparseMatrix {
    func reordered(_ biases: [Float]) -> [Float] {
      numbered.outputs.map { order in order.map { biases[$0] } } ?? biases
    }
    return SparseMatrix(
      numbered.byOutput.pattern, values: numbered.byOutput.gathering(values),
      biases: reordered(biases),
      standardDeviations: standardDeviations.map {
        StandardDeviations(
          weights: numbered.byOutput.gathering($0.weights), biases: reordered($0.biases))
      })
  }
}
