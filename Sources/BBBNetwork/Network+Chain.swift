extension Network {
  /// A multilayer perceptron: linear layers with biases, an activation between them.
  ///
  /// - Parameters:
  ///   - sizes: The number of inputs, of units in each hidden layer, and of outputs; at least two, none 0 but hidden ones.
  ///   - activation: What follows each layer but the last; ``Activation/none`` for nothing.
  /// - Returns: The network, its layers called `fc1`, `fc2` and so on.
  /// - Precondition: There are sizes for a layer, positive at both ends, and all values together have at most
  ///   ``largestElementCount`` elements.
  public static func multilayerPerceptron(_ sizes: [Int], activation: Activation) -> Network {
    do {
      return try Network(sizes: sizes, activation: activation)
    } catch {
      preconditionFailure("sizes make a chain: \(error)")
    }
  }

  /// A multilayer perceptron: linear layers, an activation behind each.
  ///
  /// - Parameters:
  ///   - sizes: The number of inputs, of units in each hidden layer, and of outputs; at least two, none 0 but hidden ones.
  ///   - activations: What follows each layer; ``Activation/none`` for nothing.
  ///   - layers: The layers' names, and whether each has biases; `fc1`, `fc2` and so on, with biases, by default.
  /// - Returns: The network.
  /// - Precondition: There are sizes for a layer, positive at both ends, a different name for each layer, and all values together
  ///   have at most ``largestElementCount`` elements.
  public static func multilayerPerceptron(
    _ sizes: [Int], activations: [Activation], layers: [(name: String, hasBias: Bool)]? = nil
  ) -> Network {
    do {
      return try Network(sizes: sizes, activations: activations, layers: layers)
    } catch {
      preconditionFailure("sizes make a chain: \(error)")
    }
  }

  /// Creates a multilayer perceptron of sizes that come from elsewhere, with an activation between its layers.
  ///
  /// - Parameters:
  ///   - sizes: The number of inputs, of units in each hidden layer, and of outputs.
  ///   - activation: What follows each layer but the last.
  /// - Throws: ``NetworkError`` if the sizes are no network's.
  public init(sizes: [Int], activation: Activation) throws(NetworkError) {
    try self.init(
      sizes: sizes,
      activations: sizes.indices.dropFirst().map { $0 < sizes.count - 1 ? activation : .none })
  }

  /// Creates a multilayer perceptron of sizes that come from elsewhere.
  ///
  /// - Parameters:
  ///   - sizes: The number of inputs, of units in each hidden layer, and of outputs.
  ///   - activations: What follows each layer; ``Activation/none`` for nothing.
  ///   - layers: The layers' names, and whether each has biases; `fc1`, `fc2` and so on, with biases, by default.
  /// - Throws: ``NetworkError`` if the sizes are no network's.
  public init(
    sizes: [Int], activations: [Activation], layers: [(name: String, hasBias: Bool)]? = nil
  ) throws(NetworkError) {
    guard sizes.count > 1 else { throw NetworkError(.structure, "a network has a layer") }
    let layers = layers ?? (1..<sizes.count).map { ("fc\($0)", true) }
    var nodes: [Node] = []
    for (index, (name, hasBias)) in layers.enumerated() {
      nodes.append(
        Node(
          name, .matrix(Matrix(unitCount: sizes[index + 1], hasBias: hasBias)),
          reading: [Value(index: nodes.count)]))
      let activation = activations[index]
      if activation != .none {
        nodes.append(
          Node(
            "\(name)-\(activation.rawValue)", .activation(activation),
            reading: [Value(index: nodes.count)]))
      }
    }
    try self.init(input: [sizes[0]], nodes: nodes)
  }

  /// The numbers of inputs, of hidden units and of outputs, if the network is a multilayer perceptron with one activation
  /// between all its layers.
  public var layerSizes: (sizes: [Int], activation: Activation)? {
    var sizes = [input.count]
    var between: [Activation] = []
    for (index, node) in nodes.enumerated() {
      guard node.inputs == [Value(index: index)] else { return nil }
      switch node.operation {
      case .matrix(let matrix) where matrix.window == nil && matrix.sharing == nil:
        if sizes.count > between.count + 1 { between.append(.none) }
        sizes.append(matrix.unitCount)
      case .activation(let activation) where between.count == sizes.count - 2:
        between.append(activation)
      default: return nil
      }
    }
    guard input.extents.count == 1, sizes.count == between.count + 2, Set(between).count < 2 else {
      return nil
    }
    return (sizes, between.first ?? .none)
  }
}
