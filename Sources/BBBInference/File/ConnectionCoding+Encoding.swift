extension ConnectionCoding {
  /// Whether this coding can express the groups as they are numbered.
  func canEncode(_ weights: GroupedWeights) -> Bool {
    style != .orderedGaps || OrderedGaps.isOrdered(weights)
  }

  /// Writes the counts and positions of grouped weights.
  ///
  /// - Parameter weights: Grouped as ``groupsAreInputs`` says.
  /// - Returns: The stretches of the connections' bytes, one list for each variant of the coding.
  /// - Precondition: ``canEncode(_:)``.
  func variants(_ weights: GroupedWeights) -> [[PayloadSegment]] {
    switch style {
    case .gaps: [[Self.counts(weights), Self.gaps(weights)]]
    case .bits: [[Self.counts(weights), Self.bits(weights)]]
    case .orderedGaps:
      GapSymbols.candidates(meanGap: weights.meanGap).map { OrderedGaps.encode(weights, $0) }
    }
  }

  private static func counts(_ weights: GroupedWeights) -> PayloadSegment {
    let counts = weights.counts
    var bytes: [UInt8] = []
    for plane in 0..<countWidth(positions: weights.positionExtent) {
      bytes.append(contentsOf: counts.lazy.map { UInt8(truncatingIfNeeded: $0 >> (8 * plane)) })
    }
    return PayloadSegment(content: .repetitive, bytes: bytes)
  }

  private static func gaps(_ weights: GroupedWeights) -> PayloadSegment {
    var segment = PayloadSegment(content: .symbols, bytes: [])
    for group in order(counts: weights.counts) {
      segment.boundaries.append(segment.bytes.count)
      GapSymbols.bytes.append(weights.positions(ofGroup: group), from: 0, to: &segment.bytes)
    }
    return segment
  }

  private static func bits(_ weights: GroupedWeights) -> PayloadSegment {
    let bitCount = weights.groupCount * weights.positionExtent
    var bits = [UInt8](repeating: 0, count: (bitCount + 7) / 8)
    for (rank, group) in order(counts: weights.counts).enumerated() {
      for position in weights.positions(ofGroup: group) {
        let bit = rank * weights.positionExtent + Int(position)
        bits[bit >> 3] |= 1 << (bit & 7)
      }
    }
    return PayloadSegment(content: .repetitive, bytes: bits)
  }
}
