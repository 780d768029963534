import BBBNetwork
import BBBTensors

/// The matrices of a graph that a posterior's parameters are: found by their numbers, since exporters rename weights, and
/// fold batch normalisations into them without renaming.
///
/// A parameter goes to the matrix that holds its means; where none does, to one that holds a multiple of every row.
/// Names decide between matrices of the same numbers only. Weights that the graph alone has are certain.
struct GraphBinding {
  /// The binding, whose parameters are numbers of `layers`, then of `certain`.
  let binding: NetworkBinding
  /// What only the graph has, as parameters without standard deviations.
  let certain: [PosteriorParameter]
  /// What the user should know.
  let warnings: [String]

  /// Finds the matrices.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - layers: The posterior's parameters.
  ///   - order: The order of dimensions that the file has where a tensor's shape fits either.
  ///   - interface: What is said of inputs and outputs.
  ///   - others: The other tensors of the checkpoint, whose part the graph says itself.
  ///   - path: The checkpoint, for messages.
  /// - Throws: ``PosteriorError`` naming a parameter that the graph does not hold, or what does not fit its inputs or outputs,
  ///   or if a number cannot be read.
  init(
    _ graph: GraphNetwork, _ layers: [PosteriorParameter], order: WeightShape.Order,
    _ interface: NetworkInterface, besides others: [String], path: String
  ) throws(PosteriorError) {
    if let obstacle = interface.obstacle(of: graph.network) {
      throw PosteriorError(.invalidOption, path: graph.path, obstacle)
    }
    var search = GraphSearch(graph, layers, order, path: path)
    try search.assign(areMultiples: false)
    try search.assign(areMultiples: true)
    try search.checkComplete()
    var certain: [PosteriorParameter] = []
    var parameters: [Int] = []
    var weights: [WeightShape] = []
    var rows: [RowMap] = []
    for (own, values) in zip(graph.network.parameters, graph.matrices) {
      let ownBiases = values.biases.map { $0.map(Double.init) }
      if let found = search.found[own.node] {
        let layer = layers[found.layer]
        parameters.append(found.layer)
        weights.append(found.shape)
        rows.append(
          RowMap(
            factors: found.factors,
            shifts: Self.shifts(
              to: ownBiases, from: try layer.bias?.means(), times: found.factors)))
      } else {
        parameters.append(layers.count + certain.count)
        certain.append(try PosteriorParameter(own, values, path: graph.path))
        weights.append(own.weights)
        rows.append(
          RowMap(
            factors: Array(repeating: 1, count: own.weights.rows),
            shifts: ownBiases ?? Array(repeating: 0, count: own.weights.rows)))
      }
    }
    let names = NodeNames.make(of: parameters.map { (layers + certain)[$0].name })
    let network: Network
    do throws(NetworkError) {
      network = try graph.network.naming(parameters: names)
    } catch {
      throw PosteriorError(.unsupported, path: graph.path, error.description)
    }
    binding = NetworkBinding(
      network: network, parameters: parameters, weights: weights, rows: rows, assumptions: [])
    self.certain = certain
    warnings = Self.warnings(graph.path, certain: certain, others)
  }

  private static func warnings(
    _ path: String, certain: [PosteriorParameter], _ others: [String]
  ) -> [String] {
    var warnings: [String] = []
    if !certain.isEmpty {
      warnings.append(
        """
        the posterior has no part in \(listing(of: certain.map(\.name))) of \(path), whose weights are certain (σ = 0): \
        they are run, but not pruned by any criterion that asks for σ
        """)
    }
    if !others.isEmpty {
      warnings.append(
        "what these do is taken from \(path), and not from the checkpoint: \(listing(of: others))")
    }
    return warnings
  }

  /// What of a graph's biases is not the posterior's; exactly 0 where they differ by rounding.
  private static func shifts(
    to biases: [Double]?, from means: [Double]?, times factors: [Double]
  ) -> [Double] {
    factors.indices.map { row in
      let bias = biases?[row] ?? 0
      let own = factors[row] * (means?[row] ?? 0)
      return abs(bias - own) <= 1e-6 * max(abs(bias), abs(own)) ? 0 : bias - own
    }
  }
}

extension PosteriorParameter {
  /// A matrix that only a graph has.
  fileprivate init(
    _ own: Parameter, _ values: GraphNetwork.MatrixValues, path: String
  ) throws(PosteriorError) {
    let name = values.names.first.map(ParameterName.layer(ofWeight:)) ?? own.name
    let mean = Tensor(
      name: values.names.first ?? own.weightName,
      shape: [own.weights.rows, own.weights.channels * own.weights.taps], floats: values.weights)
    self.init(
      name: name, weights: own.weights,
      weight: try GaussianTensor(
        mean: mean, scale: nil, parametrisation: nil, mask: nil, path: path),
      bias: nil, inputNormalisation: nil, outputNormalisation: nil, isOfGraph: true)
  }
}
