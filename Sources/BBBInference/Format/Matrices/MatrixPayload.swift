/// The content of a matrix's section before compression: connections, values, biases, one behind the other.
struct MatrixPayload {
  var coding: ConnectionCoding
  var segments: [PayloadSegment]
  /// The weights as they are written, group by group.
  var written: ArrangedPattern

  /// Writes a matrix's connections in the coding that takes the fewest bits, and its values.
  ///
  /// - Parameters:
  ///   - matrix: The matrix.
  ///   - taps: The columns of one input unit.
  ///   - encoding: How its values are written; exact for them if it is ``ValueEncoding/levels``.
  ///   - connections: The matrix's connections, if they were written already.
  init(
    _ matrix: SparseMatrix, taps: Int, valuesAs encoding: ValueEncoding,
    connections: CodedConnections? = nil
  ) {
    let byOutput = ArrangedPattern(matrix.pattern)
    let connections =
      connections
      ?? .shortest(byInput: byOutput.transposed(taps: taps).pattern, byOutput: byOutput.pattern)
    coding = connections.coding
    let groups = coding.groups(byOutput, taps: taps)
    written =
      coding.style == .orderedGaps
      ? groups : groups.selecting(rows: ConnectionCoding.order(counts: groups.pattern.rowCounts))
    segments =
      connections.segments + encoding.encode(written.gathering(matrix.values))
      + encoding.encode(matrix.biases)
  }
}

/// A matrix's connections in one coding.
struct CodedConnections {
  var coding: ConnectionCoding
  var segments: [PayloadSegment]
  /// About how many bits they take once compressed.
  var estimatedBits: Double

  /// Bit maps rarely win below this density: their bits carry too little for a Huffman code.
  private static let smallestBitMapDensity = 0.1

  private init(_ coding: ConnectionCoding, _ groups: SparsePattern) {
    self.coding = coding
    segments = []
    estimatedBits = .infinity
    for variant in coding.variants(groups) {
      let bits = BlockPlan(variant).estimatedBits
      if bits < estimatedBits { (segments, estimatedBits) = (variant, bits) }
    }
  }

  /// The connections in the coding that takes the fewest bits, by trial.
  ///
  /// - Parameters:
  ///   - byInput: A row for each input unit, as ``ConnectionCoding/groups(_:taps:)`` makes them.
  ///   - byOutput: A row for each output.
  /// - Returns: The shortest; of equals, the coding of the lowest number.
  static func shortest(byInput: SparsePattern, byOutput: SparsePattern) -> CodedConnections {
    var best = CodedConnections(.gapsByInput, byInput)
    for coding in ConnectionCoding.allCases where coding != .gapsByInput {
      let groups = coding.groupsAreInputs ? byInput : byOutput
      guard coding.style != .bits || groups.density >= smallestBitMapDensity,
        coding.canEncode(groups)
      else {
        continue
      }
      let candidate = CodedConnections(coding, groups)
      if candidate.estimatedBits < best.estimatedBits { best = candidate }
    }
    return best
  }
}
