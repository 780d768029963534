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
  /// The posterior's parameters that are matrices of the graph.
  let layers: [PosteriorParameter]
  /// What only the graph has, as parameters without standard deviations.
  let certain: [PosteriorParameter]
  /// What the user should know.
  let warnings: [String]

  /// Finds the matrices.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - candidates: The posterior's parameters: by their shapes matrices, but a graph knows better.
  ///   - order: The order of dimensions that the file has where a tensor's shape fits either.
  ///   - interface: What is said of inputs and outputs.
  ///   - others: The other tensors of the checkpoint, whose part the graph says itself.
  ///   - path: The checkpoint, for messages.
  /// - Throws: ``PosteriorError`` naming a parameter that the graph does not hold, or what does not fit its inputs or outputs,
  ///   or if a number cannot be read.
  init(
    _ graph: GraphNetwork, _ candidates: [PosteriorParameter], order: WeightShape.Order,
    _ interface: NetworkInterface, besides others: [String], path: String
  ) throws(PosteriorError) {
    if let obstacle = interface.obstacle(of: graph.network) {
      throw PosteriorError(.invalidOption, path: graph.path, obstacle)
    }
    let numbers = GraphConstants(of: graph)
    var layers: [PosteriorParameter] = []
    var whole: [String] = []
    var others = others
    for candidate in candidates {
      // Masks of attention, and other buffers, may hold what no weight does.
      if candidate.isCertain, (try? candidate.weight.means()) == nil {
        others.append(candidate.weight.mean.name)
      } else if try numbers.hold(candidate) {
        whole.append(candidate.name)
      } else {
        layers.append(candidate)
      }
    }
    var search = try GraphSearch(of: layers, in: graph, order, path: path)
    var split: [String] = []
    for layer in search.missing.reversed() {
      guard let parts = try search.parts(of: layer) else { continue }
      split.append(layers[layer].name)
      layers.replaceSubrange(layer...layer, with: try layers[layer].parts(parts))
    }
    if !split.isEmpty { search = try GraphSearch(of: layers, in: graph, order, path: path) }
    try search.checkComplete()
    let graph = try Self.addingBiases(to: graph, search, layers)
    var certain: [PosteriorParameter] = []
    var parameters: [Int] = []
    var weights: [WeightShape] = []
    var rows: [RowMap] = []
    var shifted: [String] = []
    var doubtful: [String] = []
    for (own, values) in zip(graph.network.parameters, graph.matrices) {
      let ownBiases = values.biases.map { $0.map(Double.init) }
      if let found = search.found[own.node] {
        let layer = layers[found.layer]
        guard try search.takesBias(own.node) else {
          parameters.append(found.layer)
          weights.append(found.shape)
          var map = RowMap(
            factors: found.factors,
            shifts: ownBiases ?? Array(repeating: 0, count: own.weights.rows))
          map.takesBias = false
          rows.append(map)
          continue
        }
        guard own.hasBias || layer.bias == nil else {
          throw PosteriorError(
            .otherNetwork, path: path,
            own.isShared
              ? """
              \(layer.name) has a bias here, and the nodes of \(graph.path) that share its weights add different ones; leave biases \
              out with --no-biases, as the graph's own are run then
              """
              : """
              \(layer.name) has a bias here and none in \(graph.path); export the mean network of this checkpoint, or leave biases \
              out with --no-biases
              """)
        }
        if let bias = layer.bias, bias.count != own.weights.rows {
          throw PosteriorError(
            .otherNetwork, path: path,
            """
            \(layer.name) has \(bias.count) biases here, and \(own.weights.rows) units in \(graph.path); export the mean \
            network of this checkpoint
            """)
        }
        parameters.append(found.layer)
        weights.append(found.shape)
        let map = RowMap(
          factors: found.factors,
          shifts: Self.shifts(to: ownBiases, from: try layer.bias?.means(), times: found.factors))
        // Where nothing was folded, nothing should have changed.
        if layer.bias != nil, !map.isIdentity, map.factors.allSatisfy({ $0 == 1 }) {
          shifted.append(layer.name)
        }
        // What is folded behind a layer multiplies its biases too; and single weights are multiples of any others.
        let means = try layer.bias?.means().map { Double(Float($0)) }
        let keepsBias = means != nil && ownBiases == means && means?.contains { $0 != 0 } == true
        if map.factors.contains(where: { $0 != 1 }), keepsBias || !found.tells {
          doubtful.append(layer.name)
        }
        rows.append(map)
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
    self.layers = layers
    self.certain = certain
    warnings =
      Self.warnings(graph.path, certain: certain, whole: whole, split: split.reversed(), others)
      + (doubtful.isEmpty
        ? []
        : [
          """
          \(graph.path) has multiples of the checkpoint's weights, but not of their biases, or rows of a single weight, which are \
          multiples of any other: \(listing(of: doubtful)); its own are run; if that is not meant, export the mean network of this \
          checkpoint
          """
        ])
      + (shifted.isEmpty
        ? []
        : [
          """
          \(graph.path) has other biases than the checkpoint for the same weights, and its own are run: \
          \(listing(of: shifted)); if that is not meant, export the mean network of this checkpoint
          """
        ])
  }

  private static func warnings(
    _ path: String, certain: [PosteriorParameter], whole: [String], split: [String],
    _ others: [String]
  ) -> [String] {
    var warnings: [String] = []
    if !split.isEmpty {
      warnings.append(
        "\(path) multiplies by some rows in one place and by others in another, so each part is a layer: \(listing(of: split))"
      )
    }
    if !whole.isEmpty {
      warnings.append(
        "no matrices in \(path), but numbers that are added or multiplied, and so kept whole: \(listing(of: whole))"
      )
    }
    // What normalisations scale by, and such, is named with the checkpoint's own.
    let matrices = certain.filter { $0.weight.count > 0 }
    if !matrices.isEmpty {
      warnings.append(
        """
        the posterior has no part in \(listing(of: matrices.map(\.name))) of \(path), whose weights are certain (σ = 0): \
        they are run, but not pruned by any criterion that asks for σ
        """)
    }
    if !others.isEmpty {
      warnings.append(
        "what these do is taken from \(path), and not from the checkpoint: \(listing(of: others))")
    }
    return warnings
  }

  /// The graph with biases of 0 where it has none and the posterior's are 0: exporters leave them out.
  private static func addingBiases(
    to graph: GraphNetwork, _ search: GraphSearch, _ layers: [PosteriorParameter]
  ) throws(PosteriorError) -> GraphNetwork {
    var nodes = Set<Int>()
    for own in graph.network.parameters where !own.hasBias && !own.isShared {
      guard let found = search.found[own.node], let bias = layers[found.layer].bias,
        bias.count == own.weights.rows, try bias.means().allSatisfy({ $0 == 0 })
      else { continue }
      nodes.insert(own.node)
    }
    do throws(NetworkError) {
      return try graph.addingBiases(to: nodes)
    } catch {
      throw PosteriorError(.unsupported, path: graph.path, error.description)
    }
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
  /// Its rows as several parameters: `in_proj.part1` and so on.
  fileprivate func parts(_ ranges: [Range<Int>]) throws(PosteriorError) -> [PosteriorParameter] {
    var parts: [PosteriorParameter] = []
    for (number, range) in ranges.enumerated() {
      var weights = self.weights
      weights.rows = range.count
      var part = PosteriorParameter(
        name: "\(name).part\(number + 1)", weights: weights, weight: try weight.rows(range),
        bias: try bias?.rows(range), inputNormalisation: inputNormalisation,
        outputNormalisation: nil, isOfGraph: isOfGraph)
      part.whole = Whole(name: name, weight: weight, bias: bias, isFirst: number == 0)
      parts.append(part)
    }
    return parts
  }

  /// A matrix that only a graph has.
  fileprivate init(
    _ own: Parameter, _ values: GraphNetwork.MatrixValues, path: String
  ) throws(PosteriorError) {
    let name = values.names.first.map(ParameterName.layer(ofWeight:)) ?? own.name
    let weightName = values.names.first ?? own.weightName
    let weight =
      own.weights.count == 0
      ? GaussianTensor(withoutWeights: own.weights.rows, name: weightName, path: path)
      : try GaussianTensor(
        mean: Tensor(
          name: weightName,
          shape: [own.weights.rows, own.weights.channels * own.weights.taps],
          floats: values.weights),
        scale: nil, parametrisation: nil, mask: nil, path: path)
    self.init(
      name: name, weights: own.weights, weight: weight,
      bias: nil, inputNormalisation: nil, outputNormalisation: nil, isOfGraph: true)
  }
}

/// The constants of a graph, which are no matrices: position embeddings, factors, shifts.
private struct GraphConstants {
  /// The numbers of each, ascending.
  private let sorted: [[Float]]

  init(of graph: GraphNetwork) {
    sorted = zip(graph.network.parameters, graph.matrices).compactMap { own, values in
      own.isConstant(in: graph.network) ? values.biases?.sorted() : nil
    }
  }

  /// Whether one of them has the means of a parameter, in whatever order.
  func hold(_ parameter: PosteriorParameter) throws(PosteriorError) -> Bool {
    let alike = sorted.filter { $0.count == parameter.weight.count }
    guard !alike.isEmpty else { return false }
    let means = try parameter.weight.means().map(Float.init).sorted()
    return alike.contains { numbers in
      zip(numbers, means).allSatisfy { abs($0 - $1) <= 1e-6 * abs($1) }
    }
  }
}
