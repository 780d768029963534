import BBBNetwork

extension CompactModel {
  /// The model as a `.bbbz` file: see `docs/file-format.md`.
  ///
  /// The same model and zlib give the same bytes. Each matrix's connections are written in every coding
  /// that could be shortest, and the shortest is kept.
  ///
  /// - Parameter valueEncoding: How weights and biases are written; `nil` chooses, matrix by matrix, the
  ///   smallest encoding that gives them back bit for bit.
  /// - Returns: The whole file.
  /// - Throws: ``CompactModelError`` if a value cannot be expressed in that encoding, the network or a section exceeds the
  ///   format's limits, or the values compress further than the format allows.
  public func encoded(valuesAs valueEncoding: ValueEncoding?) throws(CompactModelError) -> [UInt8] {
    try encoded(valuesAs: valueEncoding, connections: nil)
  }

  /// The model as a `.bbbz` file.
  ///
  /// - Parameters:
  ///   - valueEncoding: As above.
  ///   - connections: Those of each matrix, if they were written already.
  /// - Returns: The whole file.
  /// - Throws: ``CompactModelError`` as above.
  func encoded(
    valuesAs valueEncoding: ValueEncoding?, connections: [CodedConnections]?
  ) throws(CompactModelError) -> [UInt8] {
    try checkEncodable()
    guard origin.criterion.utf8.count <= UInt8.max else {
      throw CompactModelError(
        .notEncodable,
        "the criterion's name has \(origin.criterion.utf8.count) bytes, and the format has room for "
          + "\(UInt8.max); give a shorter one")
    }
    var description = ModelDescription(
      output: output, inputFactor: inputScaling.factor, origin: origin, network: network,
      matrices: [])
    var sections: [CompactModelContainer.Section] = []
    for (index, matrix) in matrices.enumerated() {
      let encoding = valueEncoding ?? matrix.smallestExactEncoding
      try matrix.checkEncodable(valuesAs: encoding, index: index)
      let payload = MatrixPayload(
        matrix, taps: description.extents(ofParameter: index).taps, valuesAs: encoding,
        connections: connections?[index])
      description.matrices.append(
        ModelDescription.Matrix(
          connectionCoding: payload.coding, valueEncoding: encoding,
          weightCount: matrix.weightCount))
      let cost = origin.parameterCosts.count == matrices.count ? origin.parameterCosts[index] : .nan
      sections.append(
        CompactModelContainer.Section(
          kind: .parameter, parameter: index, [MatrixCost.segment(cost)] + payload.segments))
      if let deviations = matrix.standardDeviations {
        sections.append(
          CompactModelContainer.Section(
            kind: .deviations, parameter: index,
            try DeviationCoding.encode(deviations, payload)))
      }
    }
    if !inputScaling.isFactorOnly {
      sections.insert(
        CompactModelContainer.Section(
          kind: .inputScaling, parameter: 0,
          [
            PayloadSegment(content: .repetitive, bytes: InputScalingSection.encode(inputScaling))
          ]),
        at: 0)
    }
    if ports != Ports(of: network) {
      sections.append(
        CompactModelContainer.Section(
          kind: .ports, parameter: 0,
          [PayloadSegment(content: .repetitive, bytes: try PortsSection.encode(ports))]))
    }
    sections.insert(
      CompactModelContainer.Section(
        kind: .graph, parameter: 0,
        [PayloadSegment(content: .repetitive, bytes: GraphSection.encode(description))]),
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

  /// The model as a `.bbbz` file with every value bit for bit.
  ///
  /// - Returns: The whole file.
  /// - Throws: ``CompactModelError`` if a value is not finite, or a layer or section exceeds the
  ///   format's limits.
  public func encoded() throws(CompactModelError) -> [UInt8] {
    try encoded(valuesAs: .float32)
  }
}

extension CompactModelContainer.Section {
  /// A section of segments, compressed in the blocks that take the fewest bytes.
  init(kind: SectionKind, parameter: Int, _ segments: [PayloadSegment]) {
    self.init(
      kind: kind.rawValue, parameter: parameter,
      byteCount: segments.reduce(0) { $0 + $1.bytes.count },
      stored: BlockPlan(segments).stream[...])
  }
}

extension CompactModel {
  /// Checks that the format can hold the network.
  fileprivate func checkEncodable() throws(CompactModelError) {
    func refuse(_ what: String, _ limit: Int) -> CompactModelError {
      CompactModelError(.notEncodable, "\(what) than the format's limit of \(limit)")
    }
    guard network.nodes.count <= FormatConstants.maximumNodeCount else {
      throw refuse("the network has more operations", FormatConstants.maximumNodeCount)
    }
    guard network.input.extents.count <= FormatConstants.maximumAxisCount else {
      throw refuse("the input has more axes", FormatConstants.maximumAxisCount)
    }
    let extents = network.input.extents + matrices.map(\.rowCount)
    guard extents.allSatisfy({ $0 <= FormatConstants.maximumUnitCount }) else {
      throw refuse("the input or a matrix has more units", FormatConstants.maximumUnitCount)
    }
    guard matrices.allSatisfy({ $0.columnCount <= FormatConstants.maximumColumnCount }) else {
      throw refuse("a matrix has more columns", FormatConstants.maximumColumnCount)
    }
    let most = FormatConstants.maximumWindowExtent
    for node in network.nodes {
      for axis in node.operation.window?.axes ?? [] {
        let numbers = [
          axis.extent, axis.stride, axis.dilation, axis.paddingBefore, axis.paddingAfter,
        ]
        guard numbers.allSatisfy({ $0 <= most }) else {
          throw refuse("a window goes farther", most)
        }
      }
      switch node.operation {
      case .constant(let shape) where shape.count > FormatConstants.maximumConstantCount:
        throw refuse("a constant has more numbers", FormatConstants.maximumConstantCount)
      case .gather(let gather)
      where gather.positions.count > FormatConstants.maximumGatheredCount
        || (gather.positions.max() ?? 0) > FormatConstants.maximumGatheredCount:
        throw refuse("more elements are gathered", FormatConstants.maximumGatheredCount)
      case .pad(let pad)
      where (pad.before + pad.after + pad.between).contains(where: {
        $0 > FormatConstants.maximumUnitCount
      }):
        throw refuse("there are more zeros around a value", FormatConstants.maximumUnitCount)
      default: break
      }
    }
  }
}

extension SparseMatrix {
  /// The encoding of the fewest bits that gives back every weight and bias bit for bit.
  fileprivate var smallestExactEncoding: ValueEncoding {
    let exact = ValueEncoding.allCases.filter {
      $0.isExact(for: values) && $0.isExact(for: biases)
    }
    let bits = exact.map {
      BlockPlan($0.encode(values) + $0.encode(biases)).estimatedBits
    }
    return zip(exact, bits).min { $0.1 < $1.1 }?.0 ?? .float32
  }

  /// Checks that the format can hold the matrix, and the encoding its values.
  fileprivate func checkEncodable(
    valuesAs encoding: ValueEncoding, index: Int
  ) throws(CompactModelError) {
    // 65,520 is the smallest float32 that rounds to infinity in float16.
    let limit: Float = encoding == .float16 ? 65_520 : .infinity
    if let culprit = [values, biases].joined().first(where: { !($0.magnitude < limit) }) {
      let remedy = encoding == .float16 ? "; write float32 values instead" : ""
      throw CompactModelError(
        .notEncodable,
        "matrix \(index) holds \(culprit), which is not finite in \(encoding)\(remedy)")
    }
    guard encoding != .levels || encoding.isExact(for: values) && encoding.isExact(for: biases)
    else {
      throw CompactModelError(
        .notEncodable,
        "matrix \(index) holds more than \(LevelTable.maximumCount) different values; quantise it "
          + "first, or write float32 values")
    }
  }
}
