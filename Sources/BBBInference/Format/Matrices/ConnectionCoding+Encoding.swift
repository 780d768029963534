extension ConnectionCoding {
  /// Whether this coding can express the groups as they are numbered.
  func canEncode(_ groups: SparsePattern) -> Bool {
    style != .orderedGaps || OrderedGaps.isOrdered(groups)
  }

  /// Writes the counts and positions of groups of weights.
  ///
  /// - Parameter groups: One for each row, as ``groupsAreInputs`` says.
  /// - Returns: The stretches of the connections' bytes, one list for each variant of the coding.
  /// - Precondition: ``canEncode(_:)``.
  func variants(_ groups: SparsePattern) -> [[PayloadSegment]] {
    switch style {
    case .gaps: [[Self.counts(groups), Self.gaps(groups)]]
    case .bits: [[Self.counts(groups), Self.bits(groups)]]
    case .orderedGaps:
      GapSymbols.candidates(meanGap: groups.meanGap).map { OrderedGaps.encode(groups, $0) }
    }
  }

  private static func counts(_ groups: SparsePattern) -> PayloadSegment {
    let counts = groups.rowCounts
    var bytes: [UInt8] = []
    for plane in 0..<countWidth(positions: groups.columnCount) {
      bytes.append(contentsOf: counts.lazy.map { UInt8(truncatingIfNeeded: $0 >> (8 * plane)) })
    }
    return PayloadSegment(content: .repetitive, bytes: bytes)
  }

  private static func gaps(_ groups: SparsePattern) -> PayloadSegment {
    var segment = PayloadSegment(content: .symbols, bytes: [])
    for group in order(counts: groups.rowCounts) {
      segment.boundaries.append(segment.bytes.count)
      GapSymbols.bytes.append(groups.columns(ofRow: group), from: 0, to: &segment.bytes)
    }
    return segment
  }

  private static func bits(_ groups: SparsePattern) -> PayloadSegment {
    let bitCount = groups.rowCount * groups.columnCount
    var bits = [UInt8](repeating: 0, count: (bitCount + 7) / 8)
    for (rank, group) in order(counts: groups.rowCounts).enumerated() {
      for position in groups.columns(ofRow: group) {
        let bit = rank * groups.columnCount + Int(position)
        bits[bit >> 3] |= 1 << (bit & 7)
      }
    }
    return PayloadSegment(content: .repetitive, bytes: bits)
  }
}
