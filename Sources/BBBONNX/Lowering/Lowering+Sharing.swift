import BBBNetwork

/// Matrices that several nodes multiply by (tied weights): one of the network's, if all nodes scale and shift its rows alike.
extension Lowering {
  /// Adds a matrix.
  ///
  /// - Parameters:
  ///   - pending: Its weights and biases.
  ///   - matrix: What it computes.
  ///   - input: What it reads.
  ///   - node: The node that it is for.
  /// - Returns: What it gives, and what is still to be done to its units, as not all nodes do it that multiply by the matrix.
  /// - Throws: ``ONNXError`` naming the node if the network cannot compute it.
  mutating func append(
    _ pending: PendingMatrix, as matrix: Matrix, reading input: Value, for node: ONNXNode
  ) throws(ONNXError) -> (value: Value, change: RowChange?) {
    let (parted, change) = foldLimits[pending.identity] == 0 ? pending.parted : (pending, nil)
    matrices[operations.count] = parted
    return (try append(.matrix(matrix), reading: [input], for: node), change)
  }

  /// What is left of a change of units along an axis, as arithmetic.
  mutating func applying(
    _ change: RowChange?, to value: LoweredValue, alongAxis axis: Int, _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    guard let change else { return value }
    let shape =
      [change.factors.count] + Array(repeating: 1, count: value.view.axes.count - axis - 1)
    var value = value
    if change.factors.contains(where: { $0 != 1 }) {
      value = try applying(.multiply, to: value, change.factors, shape, name: nil, node)
    }
    if let summands = change.summands {
      value = try applying(.add, to: value, summands, shape, name: nil, node)
    }
    return value
  }

  /// How many of the changes behind a matrix may be folded into it, of those whose nodes do not agree.
  var disagreements: [MatrixIdentity: Int] {
    var limits: [MatrixIdentity: Int] = [:]
    var firsts: [MatrixIdentity: [RowChange]] = [:]
    for number in operations.indices {
      guard let pending = matrices[number] else { continue }
      guard let first = firsts[pending.identity] else {
        firsts[pending.identity] = pending.changes
        continue
      }
      guard first != pending.changes else { continue }
      let common = zip(first, pending.changes).prefix { $0 == $1 }.count
      limits[pending.identity] = min(common, limits[pending.identity] ?? common)
    }
    return limits
  }

  /// Lets matrices that are the same use the weights of the first of them, and says which have biases.
  ///
  /// - Precondition: There are no ``disagreements``.
  mutating func shareMatrices() {
    var owners: [MatrixIdentity: Int] = [:]
    var replaced: [Int: Int] = [:]
    for number in operations.indices {
      guard case .matrix(var matrix) = operations[number].operation else { continue }
      if let pending = matrices[number] {
        if let owner = owners[pending.identity] {
          matrices[number] = nil
          replaced[number] = owner
          matrix.sharing = owner
        } else {
          owners[pending.identity] = number
          matrix.hasBias = pending.biases != nil
        }
      }
      if let owner = matrix.sharing {
        matrix.sharing = replaced[owner] ?? owner
        if case .matrix(let own) = operations[matrix.sharing ?? owner].operation {
          matrix.hasBias = own.hasBias
        }
      }
      operations[number].operation = .matrix(matrix)
    }
  }
}
