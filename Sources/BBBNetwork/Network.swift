/// A feed-forward network: operations on values, in order of evaluation, without weights.
///
/// A value is the input, or what a node gives, which may read nothing; the last node gives the output. A multilayer perceptron is a network
/// without branches. Posterior, mask, compact model and training run are annotations of a network, keyed by its parameters.
public struct Network: Hashable, Sendable {
  /// The shape of one example's input.
  public let input: Shape
  /// The nodes: each reads the input and earlier ones.
  public let nodes: [Node]
  /// The matrices and constants that have numbers of their own, in order of evaluation.
  public let parameters: [Parameter]
  /// The number of the parameter that each node uses; `nil` for nodes without.
  private let parameterNumbers: [Int?]
  /// The shape of each value, by ``Value/index``.
  public let shapes: [Shape]

  /// What the last node gives.
  public var output: Value { .node(nodes.count - 1) }
  /// The number of elements of one example's input.
  public var inputCount: Int { input.count }
  /// The number of elements of one example's output.
  public var outputCount: Int { shapes[nodes.count].count }

  /// The most elements that all values of one example may have together: it bounds the memory that a forged file could claim.
  public static let largestElementCount = 1 << 28

  /// The most operations that a network may have: those that a sequence takes, step after step, among them.
  public static let largestNodeCount = 1 << 14

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
    guard nodes.count <= Self.largestNodeCount else {
      throw NetworkError(
        .mismatched,
        "the network has \(nodes.count) operations, and at most \(Self.largestNodeCount) are run; let sequences be shorter"
      )
    }
    try input.checkIsCountable()
    guard input.count > 0 else { throw NetworkError(.structure, "the input has no elements") }
    var shapes = [input]
    var parameters = ParameterList()
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
        try parameters.append(node, number: index, reading: inputs)
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
    self.parameters = parameters.all
    parameterNumbers = parameters.numbers
  }

  /// The shape of a value.
  ///
  /// - Parameter value: The input, or a node's.
  /// - Returns: Its shape, for one example.
  public func shape(of value: Value) -> Shape { shapes[value.index] }

  /// The number of the parameter that a node uses, be it its own or an earlier node's.
  ///
  /// - Parameter node: The number of a matrix or a constant.
  /// - Returns: Its place among ``parameters``.
  public func parameterNumber(ofNode node: Int) -> Int {
    guard let number = parameterNumbers[node] else {
      preconditionFailure("only matrices and constants have parameters")
    }
    return number
  }

  /// The nodes that read each value, by ``Value/index``, in order of evaluation; one that reads a value twice is there twice.
  public var readers: [[Int]] {
    var readers = [[Int]](repeating: [], count: shapes.count)
    for (number, node) in nodes.enumerated() {
      for value in node.inputs { readers[value.index].append(number) }
    }
    return readers
  }
}
