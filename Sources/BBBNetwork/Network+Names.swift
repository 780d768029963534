extension Network {
  /// Creates a network whose nodes are named by what they are: `fc1`, `conv2`, `fc1-relu`, `max-pool4`.
  ///
  /// - Parameters:
  ///   - input: The shape of one example's input.
  ///   - operations: In order of evaluation, each with what it reads; the last one gives the output.
  ///   - parameterNames: Other names for matrices and constants, in their order; `nil` makes them `fc1`, `conv2` and so on.
  /// - Throws: ``NetworkError`` naming the node that cannot read what it is to read, or is read by none.
  public init(
    input: Shape, operations: [(operation: Operation, inputs: [Value])],
    parameterNames: [String]? = nil
  ) throws(NetworkError) {
    var nodes: [Node] = []
    var names = Set<String>()
    var (matrixCount, parameterCount) = (0, 0)
    for (index, (operation, inputs)) in operations.enumerated() {
      var name = NetworkParser.name(of: operation, number: index)
      switch operation {
      case .matrix(let matrix) where matrix.sharing == nil:
        name =
          parameterNames?[parameterCount]
          ?? (matrix.window == nil ? "fc" : "conv") + "\(matrixCount + 1)"
        matrixCount += 1
        parameterCount += 1
      case .constant:
        name = parameterNames?[parameterCount] ?? name
        parameterCount += 1
      case .activation(let activation):
        if case .node(let number)? = inputs.first, number < index,
          case .matrix = nodes[number].operation
        {
          let behindMatrix = "\(nodes[number].name)-\(activation.rawValue)"
          if !names.contains(behindMatrix) { name = behindMatrix }
        }
      case .matrix, .pool, .arithmetic, .concatenate, .flatten, .slice, .gather, .pad, .transpose,
        .reshape,
        .softmax, .normalise, .product:
        break
      }
      names.insert(name)
      nodes.append(Node(name, operation, reading: inputs))
    }
    try self.init(input: input, nodes: nodes)
  }

  /// The network with its matrices, what follows them, and its constants called otherwise.
  ///
  /// - Parameter names: One for each parameter.
  /// - Returns: The same network.
  /// - Throws: ``NetworkError`` if two nodes would have one name.
  public func naming(parameters names: [String]) throws(NetworkError) -> Network {
    try Network(
      input: input, operations: nodes.map { ($0.operation, $0.inputs) }, parameterNames: names)
  }
}
