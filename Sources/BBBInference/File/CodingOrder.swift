/// The order of a network's hidden units, which does not change its function but the bytes it takes.
///
/// Groups that are numbered by falling count, equal counts by first position, are coded best
/// (``OrderedGaps``). A hidden unit can be numbered by its incoming weights or by its outgoing ones, not by
/// both. Positions along the other axis must be settled first, so units of the layers up to a *turn* are
/// numbered by their incoming weights, first to last, and the others by their outgoing weights, last to
/// first.
extension CompactModel {
  /// The same network with its hidden units in the order that takes the fewest bytes in a file.
  ///
  /// Every turn is tried, but only the last where positions hardly matter beside the values. Predictions may
  /// differ in the rounding of sums.
  ///
  /// - Returns: The network, renumbered.
  public func inCodingOrder() -> CompactModel { CodingOrder(self).model }

  /// The network as a `.bbbz` file, with its hidden units in the order that takes the fewest bytes.
  ///
  /// It is the file of ``inCodingOrder()``, in less time: what the trials wrote is not written again.
  ///
  /// - Parameter valueEncoding: As for ``encoded(valuesAs:)``.
  /// - Returns: The whole file.
  /// - Throws: ``CompactModelError`` as ``encoded(valuesAs:)`` does.
  public func encodedInCodingOrder(
    valuesAs valueEncoding: ValueEncoding?
  ) throws(CompactModelError) -> [UInt8] {
    let order = CodingOrder(self)
    return try order.model.encoded(valuesAs: valueEncoding, connections: order.connections)
  }
}

/// A network in coding order, and its connections as they are written.
struct CodingOrder {
  let model: CompactModel
  /// Each layer's connections in the coding that takes the fewest bits; `nil` where none was tried.
  let connections: [LayerPayload.CodedConnections]?

  /// Above this density a weight's position takes less than two bits.
  private static let largestTrialDensity = 0.25

  /// Finds the order.
  init(_ model: CompactModel) {
    let layers = model.layers
    let last = layers.count - 1
    let forward = OrderByIncomingWeights(layers)
    let possible = layers.reduce(0) { $0 + $1.inputCount * $1.outputCount }
    let density = Double(model.weightCount) / Double(max(possible, 1))
    guard last > 0, density < Self.largestTrialDensity else {
      let numbered = layers.indices.map { forward.layer($0, outputs: forward.outputs(ofLayer: $0)) }
      self.model = model.renumbered(numbered)
      connections = nil
      return
    }
    let backward = OrderByOutgoingWeights(layers)
    // How a layer is numbered depends only on which side of the turn it lies.
    let before = (0..<last).map { index in
      CodedLayer(forward.layer(index, outputs: forward.outputs(ofLayer: index)))
    }
    let between = (0...last).map { index in
      CodedLayer(forward.layer(index, outputs: backward.outputs(ofLayer: index)))
    }
    let behind = (1...last).map { CodedLayer(backward.layer($0)) }
    var best: [CodedLayer] = []
    var fewestBits = Double.infinity
    for turn in (0...last).reversed() {
      let candidate = before[..<turn] + [between[turn]] + behind[turn...]
      let bits = candidate.reduce(0) { $0 + $1.connections.estimatedBits }
      if bits < fewestBits { (best, fewestBits) = (Array(candidate), bits) }
    }
    self.model = model.renumbered(best.map(\.numbered))
    connections = best.map(\.connections)
  }
}

/// A layer's weights with inputs and outputs in other orders.
private struct NumberedLayer {
  /// The inputs in their new order; `nil` keeps it.
  var inputs: [Int]?
  /// The outputs in their new order; `nil` keeps it.
  var outputs: [Int]?
  var byOutput: GroupedWeights
  /// The same weights grouped by input, where they are at hand.
  var byInput: GroupedWeights?
}

/// A numbered layer and its connections as they are written.
private struct CodedLayer {
  var numbered: NumberedLayer
  var connections: LayerPayload.CodedConnections

  /// Writes a layer's connections.
  init(_ numbered: NumberedLayer) {
    self.numbered = numbered
    connections = .shortest(
      byInput: numbered.byInput ?? numbered.byOutput.transposed(), byOutput: numbered.byOutput)
    self.numbered.byInput = nil
  }
}

/// The order of hidden units by their incoming weights, settled first to last.
private struct OrderByIncomingWeights {
  private var orders: [[Int]] = []
  /// The weights of each layer by output, with the inputs in order.
  private var weights: [GroupedWeights] = []

  init(_ layers: [SparseLayer]) {
    for layer in layers {
      var byOutput = layer.groupedByOutput
      if let inputs = orders.last { byOutput = byOutput.renumberingPositions(inputs) }
      weights.append(byOutput)
      if orders.count < layers.count - 1 { orders.append(byOutput.codingOrder) }
    }
  }

  /// The order of a layer's outputs; `nil` for the last, which keep theirs.
  func outputs(ofLayer index: Int) -> [Int]? { index < orders.count ? orders[index] : nil }

  /// A layer with its inputs in order.
  ///
  /// - Parameters:
  ///   - index: The number of the layer.
  ///   - outputs: The order of the outputs; `nil` keeps it.
  /// - Returns: The layer's weights, renumbered.
  func layer(_ index: Int, outputs: [Int]?) -> NumberedLayer {
    NumberedLayer(
      inputs: index > 0 ? orders[index - 1] : nil, outputs: outputs,
      byOutput: outputs.map { weights[index].selecting($0) } ?? weights[index])
  }
}

/// The order of hidden units by their outgoing weights, settled last to first.
private struct OrderByOutgoingWeights {
  private var orders: [[Int]] = []
  /// The weights of each layer but the first by input, with the outputs in order.
  private var weights: [GroupedWeights] = []

  init(_ layers: [SparseLayer]) {
    for layer in layers.dropFirst().reversed() {
      let byInput = layer.groupedByOutput.transposed(groupOrder: orders.first)
      weights.insert(byInput, at: 0)
      orders.insert(byInput.codingOrder, at: 0)
    }
  }

  /// The order of a layer's outputs; `nil` for the last, which keep theirs.
  func outputs(ofLayer index: Int) -> [Int]? { index < orders.count ? orders[index] : nil }

  /// A layer but the first with its inputs and outputs in order.
  func layer(_ index: Int) -> NumberedLayer {
    let inputs = orders[index - 1]
    let byInput = weights[index - 1].selecting(inputs)
    return NumberedLayer(
      inputs: inputs, outputs: outputs(ofLayer: index), byOutput: byInput.transposed(),
      byInput: byInput)
  }
}

extension GroupedWeights {
  /// The groups by falling count, then by positions, then by values, so that the order they come in matters
  /// only where they are alike.
  fileprivate var codingOrder: [Int] {
    let counts = counts
    var order = CountingSort.fallingOrder(counts)
    var start = 0
    while start < order.count {
      let count = counts[order[start]]
      let end = order[start...].firstIndex { counts[$0] != count } ?? order.count
      order[start..<end].sort { precedes($0, $1, count: count) }
      start = end
    }
    return order
  }

  /// Whether one of two groups of as many weights comes first.
  private func precedes(_ one: Int, _ other: Int, count: Int) -> Bool {
    let (first, second) = (starts[one], starts[other])
    for offset in 0..<count where positions[first + offset] != positions[second + offset] {
      return positions[first + offset] < positions[second + offset]
    }
    for offset in 0..<count where values[first + offset] != values[second + offset] {
      return values[first + offset] < values[second + offset]
    }
    return one < other
  }
}

extension CompactModel {
  /// The model with its layers numbered otherwise.
  fileprivate func renumbered(_ numbered: [NumberedLayer]) -> CompactModel {
    CompactModel(
      layers: zip(layers, numbered).map { $0.renumbered($1) }, output: output,
      inputScaling: inputScaling, origin: origin)
  }
}

extension SparseLayer {
  /// The layer with its inputs and outputs numbered otherwise.
  fileprivate func renumbered(_ numbered: NumberedLayer) -> SparseLayer {
    func reordered(_ biases: [Float]) -> [Float] {
      numbered.outputs.map { order in order.map { biases[$0] } } ?? biases
    }
    func reordered(_ deviations: StandardDeviations) -> StandardDeviations {
      var weights = groupedByOutput(deviations.weights)
      if let inputs = numbered.inputs { weights = weights.renumberingPositions(inputs) }
      return StandardDeviations(
        weights: weights.values(inOrderOf: numbered.outputs ?? Array(0..<outputCount)),
        biases: reordered(deviations.biases))
    }
    let weights = numbered.byOutput
    return SparseLayer(
      inputCount: inputCount, rowStarts: weights.starts.map(UInt32.init),
      columns: weights.positions, values: weights.values, biases: reordered(biases),
      activation: activation, standardDeviations: standardDeviations.map(reordered))
  }
}
