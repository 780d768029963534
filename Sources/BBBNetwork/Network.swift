/// A feed-forward network: operations on values, in order of evaluation, without weights.
///
/// A value is the input, or what a node gives, which may read nothing; the last node gives the output. A multilayer perceptron is a network
/// without branches. Posterior, mask, compact model and training run are annotations of a network, keyed by its parameters.
public struct Network: Hashable, Sendable {
  /// The shape of one example's input.
  public let input: Shape
  /// The nodes: each reads the input and earlier ones.
  public let nodes: [Node]
  /// The matrices and constants, in order of evaluation.
  public let parameters: [Parameter]
  /// The shape of each value, by ``Value/index``.
  public let shapes: [Shape]

  /// What the last node gives.
  public var output: Value { .node(nodes.count - 1) }
  /// The number of elements of one example's input.
  public var inputCount: Int { input.count }
  /// The number of elements of one example's output.
  public var outputCount: Int { shapes[nodes.count].count }

  /// The most elements that all values of one example may have together: it bounds the memory that a forged file could claim.
  public static let largestElementCount = 1 << 26

  /// Creates a network.
  ///
  /// - Parameters:
  ///   - input: The shape of one example's input.
  ///   - nodes: In order of evaluation; the last one gives the output.
  /// - Throws: ``NetworkError`` naming the node that cannot read what it is to read, has another's name, or is read by
  ///   none.
  public init(input: Shape, nodes: [Node]) throws(NetworkError) {
    guard !nodes.isEmpty else {
      throw NetworkError(.structure, "a network has at least one operation")
    }
    try input.checkIsCountable()
    guard input.count > 0 else { throw NetworkError(.structure, "the input has no elements") }
    var shapes = [input]
    var parameters: [Parameter] = []
    var names = Set<String>()
    var elementCount = input.count
    var isRead = [Bool](repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      do throws(NetworkError) {
        guard names.insert(node.name).inserted else {
          throw NetworkError(.structure, "two nodes have this name; give each its own")
        }
        for value in node.inputs {
          guard value.index <= index else {
            throw NetworkError(.structure, "it reads a node that is not computed yet")
          }
          if case .node(let number) = value { isRead[number] = true }
        }
        let inputs = node.inputs.map { shapes[$0.index] }
        let shape = try node.operation.shape(reading: inputs)
        shapes.append(shape)
        elementCount += shape.count
        guard elementCount <= Self.largestElementCount else {
          throw NetworkError(
            .mismatched,
            "the values up to here have more than \(Self.largestElementCount) elements together")
        }
        switch node.operation {
        case .matrix(let matrix):
          parameters.append(
            Parameter(
              name: node.name, node: index, weights: matrix.weightShape(reading: inputs[0]),
              hasBias: matrix.hasBias))
        case .constant(let shape):
          parameters.append(
            Parameter(
              name: node.name, node: index, weights: WeightShape(rows: shape.count, channels: 0),
              hasBias: true))
        default: break
        }
      } catch {
        throw NetworkError(error.code, at: node.name, error.message)
      }
    }
    if let unread = isRead.dropLast().firstIndex(of: false) {
      throw NetworkError(
        .structure, at: nodes[unread].name,
        "nothing reads what it gives, and it is not the last, which gives the output; leave it out")
    }
    guard shapes[nodes.count].count > 0 else {
      throw NetworkError(.structure, at: nodes[nodes.count - 1].name, "the output has no elements")
    }
    self.input = input
    self.nodes = nodes
    self.shapes = shapes
    self.parameters = parameters
  }

  /// The shape of a value.
  ///
  /// - Parameter value: The input, or a node's.
  /// - Returns: Its shape, for one example.
  public func shape(of value: Value) -> Shape { shapes[value.index] }

  /// The nodes that read each value, by ``Value/index``, in order of evaluation; one that reads a value twice is there twice.
  public var readers: [[Int]] {
    var readers = [[Int]](repeating: [], count: shapes.count)
    for (number, node) in nodes.enumerated() {
      for value in node.inputs { readers[value.index].append(number) }
    }
    return readers
  }
}

/// The weights and biases of a network's matrix; or the numbers of a constant, which are the biases of as many rows that
/// have no weights.
public struct Parameter: Hashable, Sendable {
  /// The name of the node; the tensors are `NAME.weight` and `NAME.bias`.
  public let name: String
  /// The number of the node.
  public let node: Int
  /// How the weights are arranged, in PyTorch's order.
  public let weights: WeightShape
  /// Whether there is a bias for each row.
  public let hasBias: Bool

  /// Whether they are the numbers of a constant.
  ///
  /// - Parameter network: The network that it belongs to.
  /// - Returns: Whether its node reads nothing.
  public func isConstant(in network: Network) -> Bool { network.nodes[node].inputs.isEmpty }

  /// The name of the weights.
  public var weightName: String { name + ".weight" }
  /// The name of the biases.
  public var biasName: String { name + ".bias" }
}
