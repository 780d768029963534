extension Network {
  /// Creates a network whose nodes are named by what they are: `fc1`, `conv2`, `fc1-relu`, `max-pool4`.
  ///
  /// - Parameters:
  ///   - input: The shape of one example's input.
  ///   - operations: In order of evaluation, each with what it reads; the last one gives the output.
  ///   - elementLimit: How many elements all values may have together; `nil` for no limit.
  /// - Throws: ``NetworkError`` naming the node that cannot read what it is to read, or is read by none.
  public init(
    input: Shape, operations: [(operation: Operation, inputs: [Value])], elementLimit: Int? = nil
  ) throws(NetworkError) {
    var nodes: [Node] = []
    var names = Set<String>()
    var matrixCount = 0
    for (index, (operation, inputs)) in operations.enumerated() {
      var name = NetworkParser.name(of: operation, number: index)
      switch operation {
      case .matrix(let matrix):
        matrixCount += 1
        name = (matrix.window == nil ? "fc" : "conv") + "\(matrixCount)"
      case .activation(let activation):
        if case .node(let number)? = inputs.first, number < index,
          case .matrix = nodes[number].operation
        {
          let behindMatrix = "\(nodes[number].name)-\(activation.rawValue)"
          if !names.contains(behindMatrix) { name = behindMatrix }
        }
      case .pool, .add, .concatenate, .flatten, .slice, .pad: break
      }
      names.insert(name)
      nodes.append(Node(name, operation, reading: inputs))
    }
    try self.init(input: input, nodes: nodes, elementLimit: elementLimit)
  }

  /// The network with nodes named by what they are, as files have them, which hold no names.
  public var withGeneratedNames: Network {
    do {
      return try Network(input: input, operations: nodes.map { ($0.operation, $0.inputs) })
    } catch {
      preconditionFailure("names do not matter: \(error)")
    }
  }
}
