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
  /// Decodes the matrices.
  func model() throws(CompactModelError) -> CompactModel {
    var matrices: [SparseMatrix] = []
    var origin = description.origin
    for index in description.layers.indices {
      let (matrix, cost) = try matrix(index)
      matrices.append(matrix)
      origin.parameterCosts.append(cost)
    }
    if origin.parameterCosts.contains(where: \.isNaN) { origin.parameterCosts = [] }
    return CompactModel(
      network: description.network, matrices: matrices, output: description.output,
      inputScaling: inputScaling, origin: origin)
  }

  private func matrix(_ index: Int) throws(CompactModelError) -> (SparseMatrix, cost: Float) {
    let layer = description.layers[index]
    let inputCount = description.inputCount(ofLayer: index)
    let coding = layer.connectionCoding
    let extents = coding.extents(inputCount: inputCount, outputCount: layer.outputCount)
    var reader = ByteReader(try payload(ofLayer: index)[...], subject: "section of layer \(index)")
    let cost = try MatrixCost.read(&reader)
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
    let groups = ArrangedPattern(connections.groups)
    let byOutput = coding.groupsAreInputs ? groups.transposed() : groups
    func inOrder(_ numbers: [Float]) -> [Float] {
      byOutput.gathering(connections.placed(numbers))
    }
    var deviations: SparseMatrix.StandardDeviations?
    if let bytes = try self.deviations(ofLayer: index) {
      let decoded = try DeviationCoding.decode(
        bytes, weightCount: layer.weightCount, biasCount: layer.outputCount)
      deviations = .init(weights: inOrder(decoded.weights), biases: decoded.biases)
    }
    return (
      SparseMatrix(
        byOutput.pattern, values: inOrder(values), biases: biases, standardDeviations: deviations),
      cost
    )
  }
}

extension ConnectionCoding.Connections {
  /// Puts numbers written group by group, in ``order``, where their groups stand.
  fileprivate func placed(_ numbers: [Float]) -> [Float] {
    guard let order else { return numbers }
    var placed = numbers
    var target = placed.mutableSpan
    var next = 0
    for group in order {
      for index in groups.entries(ofRow: group) {
        target[index] = numbers[next]
        next += 1
      }
    }
    return placed
  }
}
