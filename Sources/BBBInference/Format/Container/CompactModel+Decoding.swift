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
    for index in description.matrices.indices {
      let (matrix, cost) = try matrix(index)
      matrices.append(matrix)
      origin.parameterCosts.append(cost)
    }
    if origin.parameterCosts.contains(where: \.isNaN) { origin.parameterCosts = [] }
    return CompactModel(
      network: description.network, matrices: matrices, output: description.output,
      inputScaling: inputScaling, origin: origin, ports: ports)
  }

  private func matrix(_ index: Int) throws(CompactModelError) -> (SparseMatrix, cost: Float) {
    let written = description.matrices[index]
    let sizes = description.extents(ofParameter: index)
    let coding = written.connectionCoding
    var reader = ByteReader(
      try payload(ofParameter: index)[...], subject: "section of matrix \(index)")
    let cost = try MatrixCost.read(&reader)
    // Each weight has a value of a byte at least, which bounds what is allocated for positions.
    guard reader.remainingCount >= written.weightCount else {
      throw CompactModelError(
        .malformed,
        "matrix \(index) is too short for \(written.weightCount) weights; the file is forged or damaged"
      )
    }
    let connections = try coding.decode(
      &reader, extents: coding.extents(sizes), weightCount: written.weightCount)
    let values = try written.valueEncoding.decode(&reader, count: written.weightCount)
    let biases = try written.valueEncoding.decode(&reader, count: sizes.rows)
    guard reader.remainingCount == 0 else {
      throw CompactModelError(
        .malformed,
        "\(reader.remainingCount) bytes follow the biases of matrix \(index); the file is forged or damaged"
      )
    }
    let groups = ArrangedPattern(connections.groups)
    let byOutput = coding.groups(groups, taps: sizes.taps)
    func inOrder(_ numbers: [Float]) -> [Float] {
      byOutput.gathering(connections.placed(numbers))
    }
    var deviations: SparseMatrix.StandardDeviations?
    if let bytes = try self.deviations(ofParameter: index) {
      let decoded = try DeviationCoding.decode(
        bytes, weightCount: written.weightCount, biasCount: sizes.rows)
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
