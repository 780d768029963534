import BBBNetwork
import BBBTensors

extension Posterior {
  /// The weights of a graph, all of them certain: a network that somebody trained, without a posterior.
  ///
  /// It is ranked by magnitude, and predicts by its weights alone.
  ///
  /// - Parameters:
  ///   - graph: The network and its weights.
  ///   - options: What the graph does not say: how inputs are scaled, and what the outputs are.
  /// - Throws: ``PosteriorError`` if an option is for what the graph says itself, or does not fit it.
  public init(_ graph: GraphNetwork, options: PosteriorOptions = .init()) throws(PosteriorError) {
    if let option = options.optionForTensors {
      throw PosteriorError(
        .invalidOption, path: graph.path,
        """
        \(option) is for reading a file of tensors, and a graph says itself what its network and weights are; leave it out
        """)
    }
    var options = options
    options.graph = graph
    try options.check(path: graph.path)
    let hints = try NetworkHints(NetworkMetadata(of: graph), options)
    if let obstacle = hints.interface.obstacle(of: graph.network) {
      throw PosteriorError(.invalidOption, path: graph.path, obstacle)
    }
    let names = NodeNames.make(
      of: zip(graph.network.parameters, graph.matrices).map { own, values in
        values.names.first.map(ParameterName.layer(ofWeight:)) ?? own.name
      })
    var parameters: [PosteriorParameter] = []
    for (name, (own, values)) in zip(names, zip(graph.network.parameters, graph.matrices)) {
      parameters.append(
        try PosteriorParameter(own, values, name: name, in: graph.network, path: graph.path))
    }
    let network: Network
    do throws(NetworkError) {
      network = try graph.network.naming(parameters: names)
    } catch {
      throw PosteriorError(.unsupported, path: graph.path, error.description)
    }
    path = graph.path
    convention = Convention(name: "ONNX graph", formula: "σ = 0")
    self.parameters = parameters
    interface = hints.interface
    binding = .success(
      NetworkBinding(
        network: network, parameters: Array(parameters.indices),
        weights: parameters.map(\.weights), rows: nil, assumptions: []))
    prior = nil
    copies = [:]
    warnings = hints.warnings.map(\.withoutControlCharacters)
  }
}

extension PosteriorParameter {
  /// A matrix or a constant of a graph, in PyTorch's order.
  fileprivate init(
    _ own: Parameter, _ values: GraphNetwork.MatrixValues, name: String, in network: Network,
    path: String
  ) throws(PosteriorError) {
    func certain(_ name: String, _ shape: [Int], _ floats: [Float]) throws(PosteriorError)
      -> GaussianTensor
    {
      try GaussianTensor(
        mean: Tensor(name: name, shape: shape, floats: floats), scale: nil, parametrisation: nil,
        mask: nil, path: path)
    }
    let bias = try values.biases.map { biases throws(PosteriorError) in
      try certain(name + ".bias", [biases.count], biases)
    }
    guard case .matrix(let matrix) = network.nodes[own.node].operation else {
      self.init(
        name: name, weights: own.weights,
        weight: GaussianTensor(withoutWeights: own.weights.rows, name: name, path: path),
        bias: bias, inputNormalisation: nil, outputNormalisation: nil, isOfGraph: false)
      return
    }
    let kernel = matrix.window?.axes.map(\.extent) ?? []
    self.init(
      name: name, weights: own.weights,
      weight: try certain(
        name + ".weight", [own.weights.rows, own.weights.channels] + kernel, values.weights),
      bias: bias, inputNormalisation: nil, outputNormalisation: nil, isOfGraph: false)
  }
}
