extension CompactModel {
  /// The model as a `.bbbz` file: see `docs/file-format.md`.
  ///
  /// The same model and zlib give the same bytes. Each layer's connections are written in every coding
  /// that could be shortest, and the shortest is kept.
  ///
  /// - Parameter valueEncoding: How weights and biases are written.
  /// - Returns: The whole file.
  /// - Throws: ``CompactModelError`` if a value is not finite in that encoding, a layer or section
  ///   exceeds the format's limits, or the values compress further than the format allows.
  public func encoded(
    valuesAs valueEncoding: ValueEncoding = .float32
  ) throws(CompactModelError) -> [UInt8] {
    guard layers.count <= FormatConstants.maximumLayerCount else {
      throw CompactModelError(
        .notEncodable,
        "the network has \(layers.count) layers, more than the format's "
          + "\(FormatConstants.maximumLayerCount)")
    }
    var description = NetworkDescription(
      outputKind: outputKind, inputScale: inputScale, origin: origin, inputCount: inputCount,
      layers: [])
    var sections: [CompactModelContainer.Section] = []
    for (index, layer) in layers.enumerated() {
      try layer.checkEncodable(valuesAs: valueEncoding, layerIndex: index)
      let connections = layer.shortestConnections()
      description.layers.append(
        NetworkDescription.Layer(
          activation: layer.activation, connectionCoding: connections.coding,
          valueEncoding: valueEncoding, outputCount: layer.outputCount,
          weightCount: layer.weightCount))
      sections.append(
        CompactModelContainer.Section(
          kind: .connections, layer: index, byteCount: connections.byteCount,
          stored: connections.stream))
      sections.append(
        .planes(of: connections.orderedValues, valueEncoding, kind: .values, layer: index))
      sections.append(.planes(of: layer.biases, valueEncoding, kind: .biases, layer: index))
    }
    let network = description.encoded
    sections.insert(
      CompactModelContainer.Section(
        kind: .network, layer: 0, byteCount: network.count,
        stored: DeflateTrial.repetitive(network)),
      at: 0)
    let file = try CompactModelContainer.encode(sections)
    let inflated = sections.reduce(0) { $0 + $1.byteCount }
    guard inflated <= FormatConstants.maximumInflatedByteCount(ofFile: file.count) else {
      throw CompactModelError(
        .notEncodable,
        "the weights are so much alike that they would compress \(inflated / file.count) times, "
          + "further than a reader accepts; train the network first")
    }
    return file
  }
}

extension CompactModelContainer.Section {
  init(kind: SectionKind, layer: Int, byteCount: Int, stored: [UInt8]) {
    self.init(kind: kind.rawValue, layer: layer, byteCount: byteCount, stored: stored[...])
  }

  /// A section of values in byte planes.
  static func planes(
    of values: [Float], _ encoding: ValueEncoding, kind: SectionKind, layer: Int
  ) -> Self {
    let planes = encoding.planes(of: values)
    return Self(
      kind: kind, layer: layer, byteCount: planes.count,
      stored: DeflateTrial.planes(planes, planeCount: encoding.byteCount))
  }
}

extension SparseLayer {
  /// A layer's connections as they are written, and its values in the matching order.
  fileprivate struct Connections {
    var coding: ConnectionCoding
    var byteCount: Int
    var stream: [UInt8]
    var orderedValues: [Float]
  }

  /// Bit maps rarely win below this density: their bits carry too little for a Huffman code.
  private static let smallestBitMapDensity = 0.1

  fileprivate func shortestConnections() -> Connections {
    let byOutput = groupedByOutput
    let byInput = byOutput.transposed()
    let candidates = ConnectionCoding.allCases.filter {
      $0.usesGaps || density >= Self.smallestBitMapDensity
    }
    let encoded = candidates.map { coding in
      let weights = coding.groupsAreInputs ? byInput : byOutput
      let (bytes, groupStarts) = coding.encode(weights)
      let stream =
        coding.usesGaps
        ? DeflateTrial.symbols(bytes, boundaries: groupStarts)
        : DeflateTrial.repetitive(bytes, blockEnds: groupStarts)
      return (coding: coding, weights: weights, byteCount: bytes.count, stream: stream)
    }
    let best = encoded.dropFirst().reduce(encoded[0]) {
      $1.stream.count < $0.stream.count ? $1 : $0
    }
    return Connections(
      coding: best.coding, byteCount: best.byteCount, stream: best.stream,
      orderedValues: best.weights.values(
        inOrderOf: ConnectionCoding.order(counts: best.weights.counts)))
  }

  /// Checks that the format can hold the layer, and the encoding its values.
  fileprivate func checkEncodable(
    valuesAs encoding: ValueEncoding, layerIndex: Int
  ) throws(CompactModelError) {
    guard max(inputCount, outputCount) <= FormatConstants.maximumUnitCount else {
      throw CompactModelError(
        .notEncodable,
        "layer \(layerIndex) has more than \(FormatConstants.maximumUnitCount) units, "
          + "the format's limit; split it")
    }
    // 65,520 is the smallest float32 that rounds to infinity in float16.
    let limit: Float = encoding == .float16 ? 65_520 : .infinity
    guard let culprit = (values + biases).first(where: { !($0.magnitude < limit) }) else { return }
    let remedy = encoding == .float16 ? "; write float32 values instead" : ""
    throw CompactModelError(
      .notEncodable,
      "layer \(layerIndex) holds \(culprit), which is not finite in \(encoding)\(remedy)")
  }
}
