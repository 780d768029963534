import BBBNetwork

/// A matrix whose rows later nodes may still scale and shift.
struct PendingMatrix {
  /// Where the weights come from, which other nodes may multiply by as well.
  let identity: MatrixIdentity
  /// The node that multiplies by it.
  let node: ONNXNode
  /// The weights as they are in the file, seen as (rows, channels of a group, taps).
  let source: ONNXConstant
  private let weights: [Float]
  /// What was put behind the matrix, in order; the node's own factor and biases are the first.
  private(set) var changes: [RowChange] = []
  /// What each row's weights are multiplied by.
  private var factors: [Double]
  /// One for each row; `nil` for none.
  private(set) var biases: [Double]?
  /// What the file calls the weights.
  private let names: [String]

  /// A matrix.
  ///
  /// - Parameters:
  ///   - node: The node that multiplies by it.
  ///   - source: The weights: (rows, channels of a group, taps).
  ///   - rows: The number of rows.
  ///   - groups: Into how many groups the channels are divided.
  ///   - factor: What the weights are multiplied by.
  ///   - biases: One for each row; `nil` for none.
  /// - Throws: ``ONNXError`` if the weights are no real numbers, or the file is damaged.
  init(
    of node: ONNXNode, weights source: ONNXConstant, rows: Int, groups: Int = 1,
    factor: Double = 1, biases: [Double]?
  ) throws(ONNXError) {
    self.node = node
    self.source = source
    weights = try source.floats()
    identity = MatrixIdentity(source, weights, groups: groups)
    factors = [Double](repeating: 1, count: rows)
    let names = [source.tensor?.name, node.modulePath].compactMap(\.self).filter { !$0.isEmpty }
    self.names = names.count == 2 && names[0] == names[1] ? [names[0]] : names
    if factor != 1 || biases != nil {
      apply(
        RowChange(
          factors: Array(repeating: factor, count: rows),
          summands: biases))
    }
  }

  /// The matrix without what its node itself puts behind it, and that.
  var parted: (matrix: PendingMatrix, change: RowChange?) {
    guard let change = changes.first else { return (self, nil) }
    var matrix = self
    matrix.changes = []
    matrix.factors = factors.map { _ in 1 }
    matrix.biases = nil
    return (matrix, change)
  }

  /// Puts a factor and a summand for each row behind the matrix.
  mutating func apply(_ change: RowChange) {
    changes.append(change)
    for row in factors.indices { factors[row] *= change.factors[row] }
    guard let biases else {
      biases = change.summands
      return
    }
    self.biases = biases.indices.map {
      biases[$0] * change.factors[$0] + (change.summands?[$0] ?? 0)
    }
  }

  /// The weights and biases, each rounded once.
  ///
  /// - Returns: The values.
  /// - Throws: ``ONNXError`` if one is not finite.
  func values() throws(ONNXError) -> GraphNetwork.MatrixValues {
    let rowLength = factors.isEmpty ? 0 : weights.count / factors.count
    var scaled = weights
    for (row, factor) in factors.enumerated() where factor != 1 {
      for index in row * rowLength..<(row + 1) * rowLength {
        scaled[index] = Float(Double(weights[index]) * factor)
      }
    }
    let biases = biases.map { $0.map(Float.init) }
    guard scaled.allSatisfy(\.isFinite), biases?.allSatisfy(\.isFinite) ?? true else {
      throw node.refusal(
        "has weights or biases that, with what is folded into them, are no finite numbers",
        "give the file of a network whose training did not diverge")
    }
    return GraphNetwork.MatrixValues(weights: scaled, biases: biases, names: names)
  }
}

/// What a node does to the units of a value: each is multiplied by a number, and one is added.
struct RowChange: Equatable {
  /// One for each unit.
  var factors: [Double]
  /// One for each unit; `nil` where nothing is added, which leaves a matrix without biases.
  var summands: [Double]?
}

/// Which weights of a file a matrix has, and how they are arranged: nodes that multiply by the same are tied.
struct MatrixIdentity: Hashable {
  private enum Weights: Hashable {
    /// A tensor of the file, by its name, and how it is seen.
    case stored(String, [ONNXView])
    /// What the file computes.
    case computed([Float])
  }

  private let weights: Weights
  private let shape: [Int]
  private let groups: Int

  init(_ source: ONNXConstant, _ weights: [Float], groups: Int) {
    self.weights =
      source.tensor.map { .stored($0.name, source.views) } ?? .computed(weights)
    shape = source.shape
    self.groups = groups
  }
}
