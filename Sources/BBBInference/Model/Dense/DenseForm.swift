import BBBNetwork
import CBBBKernels

/// Makes a network of dense values of a compact model: without what has no elements, and with constants in place of what depends
/// on no input.
struct DenseForm {
  private let model: CompactModel
  private let roundsToHalf: Bool
  /// The node here that has the weights of each parameter, by the parameter's number.
  private var owners: [Int: Int] = [:]
  /// By `Value.index`: whether a value depends on the input.
  private var isVarying: [Bool]
  private var nodes: [Node] = []
  private var matrices: [GraphNetwork.MatrixValues] = []
  private var weightCount = 0

  /// More weights than an ONNX file can hold.
  private static let largestWeightCount = 1 << 30

  /// Begins with a model, whose weights may be rounded to half precision.
  init(_ model: CompactModel, roundsToHalf: Bool) {
    self.model = model
    self.roundsToHalf = roundsToHalf
    isVarying = [true]
    for (number, node) in model.network.nodes.enumerated() {
      let hasElements = model.network.shapes[number + 1].count > 0
      let isSame = node.operation.isSame(
        forAll: node.inputs.map { model.network.shapes[$0.index] })
      isVarying.append(
        hasElements && !isSame && node.inputs.contains { [isVarying] in isVarying[$0.index] })
    }
  }

  /// The network.
  mutating func network() throws(CompactModelError) -> GraphNetwork {
    let network = model.network
    let isNeeded = neededNodes
    /// What each value of the model is here; `nil` where nothing needs it, or it has no elements.
    var values: [Value?] = [.input]
    for (number, node) in network.nodes.enumerated() {
      guard isNeeded[number], network.shapes[number + 1].count > 0 else {
        values.append(nil)
        continue
      }
      values.append(try value(of: node, number, reading: node.inputs.map { values[$0.index] }))
    }
    // What is read last stands last.
    guard let output = values[network.output.index] else {
      preconditionFailure("a network's output has elements")
    }
    if output != .node(nodes.count - 1) {
      _ = append(
        Node(network.nodes[network.nodes.count - 1].name, .activation(.none), reading: [output]))
    }
    do throws(NetworkError) {
      return GraphNetwork(
        path: "", network: try Network(input: network.input, nodes: nodes), matrices: matrices,
        output: nil)
    } catch {
      throw CompactModelError(.notEncodable, error.description)
    }
  }

  /// Which nodes the output is made of, what is a constant being made of nothing.
  private var neededNodes: [Bool] {
    var isNeeded = [Bool](repeating: false, count: model.network.nodes.count)
    isNeeded[isNeeded.count - 1] = true
    for number in isNeeded.indices.reversed() where isNeeded[number] && isVarying[number + 1] {
      for case .node(let source) in model.network.nodes[number].inputs { isNeeded[source] = true }
    }
    return isNeeded
  }

  /// What a node that has elements gives.
  private mutating func value(
    of node: Node, _ number: Int, reading inputs: [Value?]
  ) throws(CompactModelError) -> Value {
    let present = inputs.compactMap(\.self)
    guard isVarying[number + 1] else {
      matrices.append(
        GraphNetwork.MatrixValues(weights: [], biases: try numbers(of: number), names: []))
      return append(
        Node(node.name, .constant(model.network.shapes[number + 1]), reading: []))
    }
    switch node.operation {
    case .matrix(let matrix):
      let parameter = model.network.parameterNumber(ofNode: number)
      var written = matrix
      if let owner = owners[parameter], case .matrix(let own) = nodes[owner].operation {
        written.groupCount = own.groupCount
        written.hasBias = own.hasBias
        written.sharing = owner
      } else {
        written = try append(matrix, model.matrices[parameter], parameter)
        owners[parameter] = nodes.count
      }
      return append(Node(node.name, .matrix(written), reading: present))
    case .concatenate where present.count == 1: return present[0]
    case .concatenate: return append(Node(node.name, .concatenate, reading: present))
    default:
      guard present.count == inputs.count else {
        throw CompactModelError(
          .notEncodable,
          "pruning left nothing of what \"\(node.name)\" reads, and that cannot be written as dense matrices; lower the "
            + "sparsity")
      }
      return append(Node(node.name, node.operation, reading: present))
    }
  }

  private mutating func append(_ node: Node) -> Value {
    nodes.append(node)
    return .node(nodes.count - 1)
  }

  /// The numbers of a node that depends on no input: those that it gives for any.
  private func numbers(of number: Int) throws(CompactModelError) -> [Float] {
    let network = model.network
    if network.nodes[number].inputs.isEmpty {
      return model.matrices[network.parameterNumber(ofNode: number)].biases
    }
    var isPart = [Bool](repeating: false, count: number + 1)
    isPart[number] = true
    for part in isPart.indices.reversed() where isPart[part] {
      for case .node(let source) in network.nodes[part].inputs { isPart[source] = true }
    }
    var part: [Node] = []
    var matrices: [SparseMatrix] = []
    var owners: [Int: Int] = [:]
    var places: [Value] = [.input]
    for (number, isPart) in isPart.enumerated() {
      if isPart {
        var node = network.nodes[number]
        node.inputs = node.inputs.map { places[$0.index] }
        switch node.operation {
        case .matrix(var matrix):
          let parameter = network.parameterNumber(ofNode: number)
          matrix.sharing = owners[parameter]
          if matrix.sharing == nil {
            owners[parameter] = part.count
            matrices.append(model.matrices[parameter])
          }
          node.operation = .matrix(matrix)
        case .constant:
          matrices.append(model.matrices[network.parameterNumber(ofNode: number)])
        default: break
        }
        part.append(node)
      }
      places.append(.node(part.count - 1))
    }
    do throws(NetworkError) {
      let alone = CompactModel(
        network: try Network(input: network.input, nodes: part),
        matrices: matrices,
        output: .numbers(noiseDeviation: nil), inputScaling: .identity, origin: model.origin)
      return alone.outputs(ofWhole: [Float](repeating: 0, count: network.inputCount))
    } catch {
      throw CompactModelError(.notEncodable, error.description)
    }
  }

  // MARK: Matrices

  /// Adds a matrix's values, all of them.
  ///
  /// - Returns: The matrix, in groups.
  private mutating func append(
    _ matrix: Matrix, _ sparse: SparseMatrix, _ parameter: Int
  ) throws(CompactModelError) -> Matrix {
    var shape = model.network.parameters[parameter].weights
    // A linear layer has no groups, nor has a convolution that shares its weights.
    let areConvolutions = model.network.parameters[parameter].users.allSatisfy {
      model.network.nodes[$0].operation.movesWindow
    }
    let groups = areConvolutions ? sparse.pattern.groupCount(taps: shape.taps) : 1
    shape.channels /= groups
    shape.groups = groups
    let (count, overflow) = weightCount.addingReportingOverflow(shape.count)
    guard !overflow, count <= Self.largestWeightCount else {
      throw CompactModelError(
        .notEncodable,
        "as dense matrices the network has more than \(Self.largestWeightCount) weights, which is beyond what is written; "
          + "keep the .bbbz")
    }
    weightCount = count
    let rowLength = shape.channels * shape.taps
    var weights = [Float](repeating: 0, count: shape.count)
    for row in 0..<shape.rows {
      let first = row * rowLength - shape.firstColumn(ofRow: row)
      for entry in sparse.pattern.entries(ofRow: row) {
        let weight = sparse.values[entry]
        weights[first + Int(sparse.pattern.columns[entry])] =
          roundsToHalf ? bbb_half_to_float(bbb_float_to_half(weight)) : weight
      }
    }
    var written = matrix
    written.groupCount = groups
    written.sharing = nil
    written.hasBias = sparse.biases.contains { $0 != 0 }
    matrices.append(
      GraphNetwork.MatrixValues(
        weights: weights, biases: written.hasBias ? sparse.biases : nil, names: []))
    return written
  }
}

extension Operation {
  /// Whether an operation gives the same whatever it reads: over one element a softmax is 1, and nothing is left of it by a
  /// normalisation.
  fileprivate func isSame(forAll shapes: [Shape]) -> Bool {
    switch self {
    case .softmax(let softmax): shapes[0].extents[softmax.axis] == 1
    case .normalise(let normalise): normalise.axes.allSatisfy { shapes[0].extents[$0] == 1 }
    default: false
    }
  }
}

extension SparsePattern {
  /// Into how many groups rows and channels can be divided, each of as many neighbours, so that rows read channels of their own group
  /// only.
  ///
  /// - Parameter taps: The columns of a channel.
  /// - Returns: The largest number.
  func groupCount(taps: Int) -> Int {
    let channelCount = columnCount / max(taps, 1)
    guard rowCount > 0, channelCount > 0 else { return 1 }
    let most = greatestCommonDivisor(rowCount, channelCount)
    return (1...most).reversed().first { groups in
      guard most.isMultiple(of: groups) else { return false }
      let (rows, columns) = (rowCount / groups, columnCount / groups)
      return (0..<rowCount).allSatisfy { row in
        let own = row / rows * columns
        // By ascending column.
        let entries = self.columns(ofRow: row)
        return (entries.first.map { Int($0) >= own } ?? true)
          && (entries.last.map { Int($0) < own + columns } ?? true)
      }
    } ?? 1
  }
}

private func greatestCommonDivisor(_ one: Int, _ other: Int) -> Int {
  other == 0 ? one : greatestCommonDivisor(other, one % other)
}
