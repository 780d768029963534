import BBBNetwork

/// The search for a posterior's parameters among the matrices of a graph.
struct GraphSearch {
  /// What a matrix of the graph was found to be.
  struct Found {
    /// The number of the posterior's parameter.
    let layer: Int
    /// How its tensor is arranged.
    let shape: WeightShape
    /// What its rows are multiplied by.
    let factors: [Double]
    /// Whether the numbers themselves tell, and not a name.
    let tells: Bool
  }

  private let graph: GraphNetwork
  private let layers: [PosteriorParameter]
  private let order: WeightShape.Order
  private let path: String
  /// What was found, by the number of the graph's node.
  private(set) var found: [Int: Found] = [:]

  /// Finds what can be found.
  ///
  /// - Parameters:
  ///   - layers: The posterior's parameters.
  ///   - graph: The graph.
  ///   - order: The order of dimensions where a tensor's shape fits either.
  ///   - path: The checkpoint, for messages.
  /// - Throws: ``PosteriorError`` if a number cannot be read, or several matrices fit and names do not decide.
  init(
    of layers: [PosteriorParameter], in graph: GraphNetwork, _ order: WeightShape.Order,
    path: String
  ) throws(PosteriorError) {
    self.graph = graph
    self.layers = layers
    self.order = order
    self.path = path
    try assign(areMultiples: false)
    try assign(areMultiples: true)
  }

  /// The posterior's parameters that are not found yet.
  var missing: [Int] {
    let known = Set(found.values.map(\.layer))
    return layers.indices.filter { !known.contains($0) }
  }

  /// Gives each parameter that has no matrix yet the one that fits.
  ///
  /// - Parameter areMultiples: Whether a factor for each row is allowed.
  /// - Throws: ``PosteriorError`` if a number cannot be read, or several fit and names do not decide.
  private mutating func assign(areMultiples: Bool) throws(PosteriorError) {
    // All candidates first: what is taken must not depend on the order of the file.
    var candidates: [(layer: Int, matrices: [Int: Found])] = []
    for layer in missing {
      let means = try layers[layer].weight.means()
      var matrices: [Int: Found] = [:]
      for (own, values) in zip(graph.network.parameters, graph.matrices)
      where found[own.node] == nil {
        for shape in shapes(of: own, as: layers[layer]) {
          guard
            let (factors, tell) = RowFactors.find(
              from: shape.byRow(means), to: values.weights, rowLength: shape.channels * shape.taps,
              areMultiples: areMultiples), tell || isNamed(own.node, as: layers[layer])
          else { continue }
          matrices[own.node] = Found(layer: layer, shape: shape, factors: factors, tells: tell)
          break
        }
      }
      if !matrices.isEmpty { candidates.append((layer, matrices)) }
    }
    for (layer, matrices) in candidates {
      let others = candidates.filter { $0.layer != layer }
      let contested = matrices.keys.filter { node in
        others.contains { $0.matrices[node] != nil }
      }
      // Several that nobody else fits are all the same weights: tied, perhaps turned over, which the exporter wrote out twice.
      let isTold = matrices.count == 1 || matrices.values.allSatisfy(\.tells)
      guard !contested.isEmpty || !isTold else {
        for (node, match) in matrices { found[node] = match }
        continue
      }
      let exact = matrices.keys.filter { isNamed($0, exactly: layers[layer]) }
      let named = exact.isEmpty ? matrices.keys.filter { isNamed($0, as: layers[layer]) } : exact
      guard named.count == 1, found[named[0]] == nil else {
        throw ambiguous(layer, Array(matrices.keys))
      }
      found[named[0]] = matrices[named[0]]
    }
  }

  /// Whether a matrix has the biases of its parameter: of several that are the same weights the one whose biases are nearest to
  /// them.
  ///
  /// - Parameter node: A node whose parameter was found.
  /// - Returns: Whether it has them, or there are none.
  /// - Throws: ``PosteriorError`` if a number cannot be read.
  func takesBias(_ node: Int) throws(PosteriorError) -> Bool {
    guard let layer = found[node]?.layer else { return false }
    let nodes = found.filter { $0.value.layer == layer }.keys.sorted()
    guard nodes.count > 1, let bias = layers[layer].bias else { return true }
    let means = try bias.means()
    var best: (node: Int, distance: Double)?
    for other in nodes {
      guard let biases = matrix(other).biases, biases.count == means.count else { continue }
      let distance = zip(biases, means).reduce(0.0) { $0 + abs(Double($1.0) - $1.1) }
      if best.map({ distance < $0.distance }) ?? true { best = (other, distance) }
    }
    // Where none has so many, the first says that they do not fit.
    return node == best?.node ?? nodes[0]
  }

  /// Where the rows of a parameter part that no matrix holds as a whole: as cross-attention multiplies by some rows of packed
  /// projections here, and by the others there.
  ///
  /// - Parameter layer: The number of the parameter.
  /// - Returns: The rows of each part, in order, all together; `nil` if no matrices that are left hold them so.
  /// - Throws: ``PosteriorError`` if a number cannot be read.
  func parts(of layer: Int) throws(PosteriorError) -> [Range<Int>]? {
    let whole = layers[layer].weights
    guard whole.order == .outputInput, whole.groups == 1 else { return nil }
    let means = try layers[layer].weight.means()
    let length = whole.channels * whole.taps
    func holds(_ weights: [Float], _ rows: Range<Int>) -> Bool {
      let part = Array(means[rows.lowerBound * length..<rows.upperBound * length])
      return [false, true].contains {
        RowFactors.find(from: part, to: weights, rowLength: length, areMultiples: $0)?.tell == true
      }
    }
    let candidates = zip(graph.network.parameters, graph.matrices).filter { own, _ in
      found[own.node] == nil && own.weights.channels == whole.channels
        && own.weights.taps == whole.taps && own.weights.groups == 1
    }
    var parts: [Range<Int>] = []
    var start = 0
    while start < whole.rows {
      let next = candidates.lazy.compactMap { own, values -> Range<Int>? in
        let end = start + own.weights.rows
        return end <= whole.rows && holds(values.weights, start..<end) ? start..<end : nil
      }.first
      guard let next else { return nil }
      parts.append(next)
      start = next.upperBound
    }
    return parts.count > 1 ? parts : nil
  }

  /// Checks that every parameter has its matrix.
  ///
  /// - Throws: ``PosteriorError`` naming the first that has none.
  func checkComplete() throws(PosteriorError) {
    guard let layer = missing.first else { return }
    let parameter = layers[layer]
    let twin = graph.network.parameters.first {
      isNamed($0.node, as: parameter) && !shapes(of: $0, as: parameter).isEmpty
    }
    throw PosteriorError(
      .otherNetwork, path: path,
      twin == nil
        ? """
        no matrix of \(graph.path) holds the means of \(text(layer)), nor a multiple of each row; export the mean \
        network of this checkpoint
        """
        : """
        \(text(layer)) is in \(graph.path) too, but with other weights, which are neither the posterior's means nor a \
        multiple of each row: the graph is of another training, or of a draw; export the mean network of this checkpoint
        """)
  }

  private func ambiguous(_ layer: Int, _ nodes: [Int]) -> PosteriorError {
    let names = graph.network.parameters.filter { nodes.contains($0.node) }.map { own in
      matrix(own.node).names.first ?? own.name
    }
    return PosteriorError(
      .otherNetwork, path: path,
      """
      \(listing(of: names)) of \(graph.path) fit \(text(layer)) by their numbers, and names do not say which is meant: \
      layers of equal weights cannot be told apart; export the graph with their names (optimize=False with dynamo=True, \
      training=TrainingMode.PRESERVE with the older exporter), or train the layers apart
      """)
  }

  private func text(_ layer: Int) -> String {
    let shape = layers[layer].weight.shape.map(String.init).joined(separator: "×")
    return "\(layers[layer].name) (\(shape))"
  }

  private func matrix(_ node: Int) -> GraphNetwork.MatrixValues {
    zip(graph.network.parameters, graph.matrices).first { $0.0.node == node }?.1
      ?? GraphNetwork.MatrixValues(weights: [], biases: nil, names: [])
  }

  private func isNamed(_ node: Int, as layer: PosteriorParameter) -> Bool {
    matrix(node).names.contains {
      ParameterName.isSameLayer(ParameterName.layer(ofWeight: $0), layer.name)
    }
  }

  private func isNamed(_ node: Int, exactly layer: PosteriorParameter) -> Bool {
    matrix(node).names.contains { ParameterName.layer(ofWeight: $0) == layer.name }
  }

  /// How a tensor may be arranged that holds the weights of a matrix.
  private func shapes(of own: Parameter, as layer: PosteriorParameter) -> [WeightShape] {
    let orders: [WeightShape.Order] =
      order == .outputInput ? [.outputInput, .inputOutput] : [.inputOutput, .outputInput]
    return (orders + [.transposedConvolution]).compactMap { order in
      var shape = WeightShape(tensorShape: layer.weight.shape, order: order)
      if order == .transposedConvolution {
        // The tensor has the channels of all groups, and the units of one.
        guard !kernel(of: own).isEmpty, shape.channels.isMultiple(of: own.weights.groups) else {
          return nil
        }
        shape.rows *= own.weights.groups
        shape.channels /= own.weights.groups
      }
      // A kernel of one cell is no kernel.
      let kernels = [order.kernel(of: layer.weight.shape), kernel(of: own)].map {
        $0.filter { $0 > 1 }
      }
      guard shape.rows == own.weights.rows, shape.channels == own.weights.channels,
        kernels[0] == kernels[1]
      else { return nil }
      var whole = own.weights
      whole.order = order
      return whole
    }
  }

  private func kernel(of own: Parameter) -> [Int] {
    guard case .matrix(let matrix) = graph.network.nodes[own.node].operation else { return [] }
    return matrix.window?.axes.map(\.extent) ?? []
  }
}
