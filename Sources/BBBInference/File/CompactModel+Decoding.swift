extension CompactModel {
  /// Reads a model from the bytes of a `.bbbz` file.
  ///
  /// Every number is checked before it is used: memory stays in proportion to the bytes given, and
  /// damaged or forged bytes are refused, never run.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - path: The name to give in error messages.
  /// - Throws: ``CompactModelError`` if the bytes are not a model that this version can run.
  public init(bytes: [UInt8], path: String = "") throws(CompactModelError) {
    self = try CompactModelError.naming(path) { () throws(CompactModelError) in
      try CompactModelFile(bytes: bytes).model()
    }
  }
}

extension CompactModelFile {
  /// Decodes the layers.
  func model() throws(CompactModelError) -> CompactModel {
    var layers: [SparseLayer] = []
    var origin = description.origin
    for index in description.layers.indices {
      let (layer, cost) = try layer(index)
      layers.append(layer)
      origin.layerCosts.append(cost)
    }
    if origin.layerCosts.contains(where: \.isNaN) { origin.layerCosts = [] }
    return CompactModel(
      layers: layers, output: description.output, inputScaling: inputScaling, origin: origin)
  }

  private func layer(_ index: Int) throws(CompactModelError) -> (SparseLayer, cost: Float) {
    let layer = description.layers[index]
    let inputCount = description.inputCount(ofLayer: index)
    let coding = layer.connectionCoding
    let extents = coding.extents(inputCount: inputCount, outputCount: layer.outputCount)
    var reader = ByteReader(try payload(ofLayer: index)[...], subject: "section of layer \(index)")
    let cost = try LayerCost.read(&reader)
    // Each weight has a value of a byte at least, which bounds what is allocated for positions.
    guard reader.remainingCount >= layer.weightCount else {
      throw CompactModelError(
        .malformed,
        "layer \(index) is too short for \(layer.weightCount) weights; the file is forged or damaged"
      )
    }
    let connections = try coding.decode(
      &reader, extents: extents, weightCount: layer.weightCount)
    let values = try layer.valueEncoding.decode(&reader, count: layer.weightCount)
    let biases = try layer.valueEncoding.decode(&reader, count: layer.outputCount)
    guard reader.remainingCount == 0 else {
      throw CompactModelError(
        .malformed,
        "\(reader.remainingCount) bytes follow the biases of layer \(index); the file is forged or damaged"
      )
    }
    func byOutput(_ numbers: [Float]) -> GroupedWeights {
      let grouped = GroupedWeights(
        positionExtent: extents.positions, starts: connections.starts,
        positions: connections.positions, values: connections.placed(numbers))
      return coding.groupsAreInputs ? grouped.transposed() : grouped
    }
    let grouped = byOutput(values)
    var deviations: SparseLayer.StandardDeviations?
    if let bytes = try self.deviations(ofLayer: index) {
      let decoded = try DeviationCoding.decode(
        bytes, weightCount: layer.weightCount, biasCount: layer.outputCount)
      deviations = .init(weights: byOutput(decoded.weights).values, biases: decoded.biases)
    }
    return (
      SparseLayer(
        inputCount: inputCount, rowStarts: grouped.starts.map(UInt32.init),
        columns: grouped.positions, values: grouped.values, biases: biases,
        activation: layer.activation, standardDeviations: deviations),
      cost
    )
  }
}

extension ConnectionCoding.Connections {
  /// Puts numbers written group by group, in ``order``, where their groups start.
  fileprivate func placed(_ numbers: [Float]) -> [Float] {
    guard let order else { return numbers }
    var placed = numbers
    var target = placed.mutableSpan
    var next = 0
    for group in order {
      for index in starts[group]..<starts[group + 1] {
        target[index] = numbers[next]
        next += 1
      }
    }
    return placed
  }
}
