extension Network {
  /// Creates a network whose nodes are named by what they are: `fc1`, `conv2`, `fc1-relu`, `max-pool4`.
  ///
  /// - Parameters:
  ///   - input: The shape of one example's input.
  ///   - operations: In order of evaluation, each with what it reads; the last one gives the output.
  /// - Throws: ``NetworkError`` naming the node that cannot read what it is to read, or is read by none.
  public init(
    input: Shape, operations: [(operation: Operation, inputs: [Value])]
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
    try self.init(input: input, nodes: nodes)
  }
}
