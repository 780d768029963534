/// A network with a value for every weight and bias: what a file of a whole graph holds.
///
/// The values are those that whoever exported the graph trained; batch normalisations may be folded into them.
public struct GraphNetwork: Sendable {
  /// The weights and biases of a matrix, or the numbers of a constant as biases without weights.
  public struct MatrixValues: Sendable {
    /// Row-major: (rows, channels of a group, taps), as ``Parameter/weights`` says.
    public var weights: [Float]
    /// One for each row; `nil` where the matrix has none.
    public var biases: [Float]?
    /// What the file calls the weights, or the module that they belong to, the most telling first: `conv1.weight`, `conv1`;
    /// empty if it calls them nothing.
    public var names: [String]

    /// Creates values.
    ///
    /// - Parameters:
    ///   - weights: As many as the matrix has.
    ///   - biases: As many as it has rows; `nil` for none.
    ///   - names: What the file calls them.
    public init(weights: [Float], biases: [Float]?, names: [String]) {
      self.weights = weights
      self.biases = biases
      self.names = names
    }
  }

  /// The file.
  public let path: String
  /// What it computes, without what ``output`` says.
  public let network: Network
  /// The values of each of the network's parameters.
  public let matrices: [MatrixValues]
  /// What the outputs are, if the graph ends in what makes them probabilities, which the network leaves out; else `nil`.
  public let output: OutputMeaning?
  /// The names and shapes of its inputs and outputs.
  public let ports: Ports

  /// Puts a network and its values together.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - network: What it computes.
  ///   - matrices: The values of each of the network's parameters.
  ///   - output: What the outputs are, if the graph ends in what makes them so.
  ///   - ports: The names and shapes of inputs and outputs; `nil` for those that any network has.
  /// - Precondition: There are values for each parameter, as many as it has weights, and biases where it has biases; the ports
  ///   are parts of the network's input and output.
  public init(
    path: String, network: Network, matrices: [MatrixValues], output: OutputMeaning?,
    ports: Ports? = nil
  ) {
    precondition(
      matrices.count == network.parameters.count
        && zip(matrices, network.parameters).allSatisfy {
          $0.weights.count == $1.weights.count
            && ($1.hasBias ? $0.biases?.count == $1.weights.rows : $0.biases == nil)
        }, "a value for each weight and bias")
    self.path = path
    self.network = network
    self.matrices = matrices
    self.output = output
    self.ports = ports ?? Ports(of: network)
    precondition(
      self.ports.obstacle(inputCount: network.inputCount, outputCount: network.outputCount) == nil,
      "ports that are parts of the input and the output")
  }

  /// The same with biases of 0 for some of the matrices that have none.
  ///
  /// - Parameter nodes: The numbers of the matrices' nodes.
  /// - Returns: A network that computes the same.
  /// - Throws: ``NetworkError`` if the weights of one are shared with other nodes.
  /// - Precondition: They are matrices without biases.
  package func addingBiases(to nodes: Set<Int>) throws(NetworkError) -> GraphNetwork {
    let changed = network.nodes.enumerated().map { number, node in
      guard nodes.contains(number), case .matrix(var matrix) = node.operation else { return node }
      matrix.hasBias = true
      return Node(node.name, .matrix(matrix), reading: node.inputs)
    }
    let network = try Network(input: network.input, nodes: changed)
    let matrices = zip(network.parameters, self.matrices).map { own, values in
      guard nodes.contains(own.node) else { return values }
      var values = values
      values.biases = Array(repeating: 0, count: own.weights.rows)
      return values
    }
    return GraphNetwork(
      path: path, network: network, matrices: matrices, output: output, ports: ports)
  }
}
