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
    let byIncoming = Self.ordersByIncomingWeights(layers)
    let possible = layers.reduce(0) { $0 + $1.inputCount * $1.outputCount }
    let density = Double(model.weightCount) / Double(max(possible, 1))
    guard last > 0, density < Self.largestTrialDensity else {
      self.model = model.with(layers: Self.renumbered(layers, byIncoming))
      connections = nil
      return
    }
    let byOutgoing = Self.ordersByOutgoingWeights(layers)
    // How a layer is numbered depends only on which side of the turn it lies.
    let before = (0..<last).map {
      CodedLayer(layers[$0], inputs: $0 > 0 ? byIncoming[$0 - 1] : nil, outputs: byIncoming[$0])
    }
    let between = (0...last).map {
      CodedLayer(
        layers[$0], inputs: $0 > 0 ? byIncoming[$0 - 1] : nil,
        outputs: $0 < last ? byOutgoing[$0] : nil)
    }
    let behind = (1...last).map {
      CodedLayer(
        layers[$0], inputs: byOutgoing[$0 - 1], outputs: $0 < last ? byOutgoing[$0] : nil)
    }
    var best: [CodedLayer] = []
    var fewestBits = Double.infinity
    for turn in (0...last).reversed() {
      let candidate = before[..<turn] + [between[turn]] + behind[turn...]
      let bits = candidate.reduce(0) { $0 + $1.connections.estimatedBits }
      if bits < fewestBits { (best, fewestBits) = (Array(candidate), bits) }
    }
    self.model = model.with(
      layers: zip(layers, best).map {
        $0.renumbered(inputs: $1.inputs, outputs: $1.outputs, $1.byOutput)
      })
    connections = best.map(\.connections)
  }

  /// A layer's weights in one numbering.
  private struct CodedLayer {
    var inputs: [Int]?
    var outputs: [Int]?
    var byOutput: GroupedWeights
    var connections: LayerPayload.CodedConnections

    /// Numbers inputs and outputs in given orders.
    init(_ layer: SparseLayer, inputs: [Int]?, outputs: [Int]?) {
      self.inputs = inputs
      self.outputs = outputs
      let byInput = layer.groupedByOutput.transposed(groupOrder: outputs, positionOrder: inputs)
      byOutput = byInput.transposed()
      connections = .shortest(byInput: byInput, byOutput: byOutput)
    }
  }

  /// The order of each hidden layer's units by their incoming weights, settled first to last.
  private static func ordersByIncomingWeights(_ layers: [SparseLayer]) -> [[Int]] {
    var orders: [[Int]] = []
    for layer in layers.dropLast() {
      var weights = layer.groupedByOutput
      if let inputs = orders.last {
        weights = weights.transposed(positionOrder: inputs).transposed()
      }
      orders.append(weights.codingOrder)
    }
    return orders
  }

  /// The order of each hidden layer's units by their outgoing weights, settled last to first.
  private static func ordersByOutgoingWeights(_ layers: [SparseLayer]) -> [[Int]] {
    var orders: [[Int]] = []
    for layer in layers.dropFirst().reversed() {
      let weights = layer.groupedByOutput.transposed(groupOrder: orders.first)
      orders.insert(weights.codingOrder, at: 0)
    }
    return orders
  }

  /// The layers with their hidden units in given orders.
  private static func renumbered(_ layers: [SparseLayer], _ orders: [[Int]]) -> [SparseLayer] {
    layers.indices.map { index in
      let inputs = index > 0 ? orders[index - 1] : nil
      let outputs = index < orders.count ? orders[index] : nil
      let weights = layers[index].groupedByOutput.renumbered(groups: outputs, positions: inputs)
      return layers[index].renumbered(inputs: inputs, outputs: outputs, weights)
    }
  }
}

extension GroupedWeights {
  /// The same weights with groups and positions in other orders; `nil` keeps one as it is.
  fileprivate func renumbered(groups: [Int]?, positions: [Int]?) -> GroupedWeights {
    transposed(groupOrder: groups, positionOrder: positions).transposed()
  }

  /// The groups by falling count, then by positions, then by values, so that the order they come in matters
  /// only where they are alike.
  fileprivate var codingOrder: [Int] {
    (0..<groupCount).sorted { first, second in
      let (one, other) = (positions(ofGroup: first), positions(ofGroup: second))
      if one.count != other.count { return one.count > other.count }
      if one != other { return one.lexicographicallyPrecedes(other) }
      let (oneValues, otherValues) = (values[one.indices], values[other.indices])
      return oneValues == otherValues
        ? first < second : oneValues.lexicographicallyPrecedes(otherValues)
    }
  }
}

extension CompactModel {
  /// The model with other layers.
  fileprivate func with(layers: [SparseLayer]) -> CompactModel {
    CompactModel(
      layers: layers, outputKind: outputKind, inputScale: inputScale, origin: origin)
  }
}

extension SparseLayer {
  /// The layer with inputs and outputs in other orders; `nil` keeps one as it is.
  ///
  /// - Parameters:
  ///   - inputs: The inputs in their new order.
  ///   - outputs: The outputs in their new order.
  ///   - weights: The weights in these orders, grouped by output.
  fileprivate func renumbered(
    inputs: [Int]?, outputs: [Int]?, _ weights: GroupedWeights
  ) -> SparseLayer {
    func reordered(_ numbers: [Float]) -> [Float] {
      outputs.map { order in order.map { numbers[$0] } } ?? numbers
    }
    return SparseLayer(
      inputCount: inputCount, rowStarts: weights.starts.map(UInt32.init),
      columns: weights.positions, values: weights.values, biases: reordered(biases),
      activation: activation,
      standardDeviations: standardDeviations.map { deviations in
        StandardDeviations(
          weights: groupedByOutput(deviations.weights)
            .renumbered(groups: outputs, positions: inputs).values,
          biases: reordered(deviations.biases))
      })
  }
}
