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
    for index in description.layers.indices {
      layers.append(try layer(index))
    }
    return CompactModel(
      layers: layers, outputKind: description.outputKind, inputScale: description.inputScale,
      origin: description.origin)
  }

  private func layer(_ index: Int) throws(CompactModelError) -> SparseLayer {
    let layer = description.layers[index]
    let inputCount = description.inputCount(ofLayer: index)
    let coding = layer.connectionCoding
    let extents = coding.extents(inputCount: inputCount, outputCount: layer.outputCount)
    let connections = try coding.decode(
      try CompactModelContainer.inflated(section(.connections, ofLayer: index)),
      extents: extents, weightCount: layer.weightCount)
    let values = try values(
      .values, ofLayer: index, count: layer.weightCount, layer.valueEncoding)
    let biases = try self.values(
      .biases, ofLayer: index, count: layer.outputCount, layer.valueEncoding)
    var grouped = GroupedWeights(
      positionExtent: extents.positions, starts: connections.starts,
      positions: connections.positions,
      values: Self.placed(values, order: connections.order, starts: connections.starts))
    if coding.groupsAreInputs { grouped = grouped.transposed() }
    return SparseLayer(
      inputCount: inputCount, rowStarts: grouped.starts.map(UInt32.init),
      columns: grouped.positions, values: grouped.values, biases: biases,
      activation: layer.activation)
  }

  /// Puts values written group by group, in `order`, where their groups start.
  private static func placed(_ values: [Float], order: [Int], starts: [Int]) -> [Float] {
    var placed = values
    var next = 0
    for group in order {
      for index in starts[group]..<starts[group + 1] {
        placed[index] = values[next]
        next += 1
      }
    }
    return placed
  }

  private func values(
    _ kind: SectionKind, ofLayer index: Int, count: Int, _ encoding: ValueEncoding
  ) throws(CompactModelError) -> [Float] {
    let section = section(kind, ofLayer: index)
    guard section.byteCount == count * encoding.byteCount else {
      throw CompactModelError(
        .malformed,
        "the \(kind) of layer \(index) have \(section.byteCount) bytes where \(count) values need "
          + "\(count * encoding.byteCount); the file is forged or damaged")
    }
    let values = encoding.values(fromPlanes: try CompactModelContainer.inflated(section))
    guard values.allSatisfy(\.isFinite) else {
      throw CompactModelError(
        .malformed, "the \(kind) of layer \(index) are not all finite; the file is damaged")
    }
    return values
  }
}
