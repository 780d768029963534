extension ConnectionCoding {
  /// Writes the counts and positions of grouped weights.
  ///
  /// - Parameter weights: Grouped as ``groupsAreInputs`` says.
  /// - Returns: The bytes, and the indices in them at which a group starts: where deflate blocks may
  ///   usefully end.
  func encode(_ weights: GroupedWeights) -> (bytes: [UInt8], groupStarts: [Int]) {
    let counts = weights.counts
    var bytes: [UInt8] = []
    for plane in 0..<Self.countWidth(positions: weights.positionExtent) {
      bytes.append(contentsOf: counts.lazy.map { UInt8(truncatingIfNeeded: $0 >> (8 * plane)) })
    }
    let order = Self.order(counts: counts)
    return usesGaps
      ? Self.appendGaps(weights, order, to: bytes) : Self.appendBits(weights, order, to: bytes)
  }

  private static func appendGaps(
    _ weights: GroupedWeights, _ order: [Int], to counts: [UInt8]
  ) -> (bytes: [UInt8], groupStarts: [Int]) {
    var bytes = counts
    var groupStarts: [Int] = []
    for group in order {
      groupStarts.append(bytes.count)
      var next: UInt32 = 0
      for position in weights.positions[weights.starts[group]..<weights.starts[group + 1]] {
        var gap = position - next
        while gap >= 255 {
          bytes.append(255)
          gap -= 255
        }
        bytes.append(UInt8(gap))
        next = position + 1
      }
    }
    return (bytes, groupStarts)
  }

  private static func appendBits(
    _ weights: GroupedWeights, _ order: [Int], to counts: [UInt8]
  ) -> (bytes: [UInt8], groupStarts: [Int]) {
    let bitCount = weights.groupCount * weights.positionExtent
    var bits = [UInt8](repeating: 0, count: (bitCount + 7) / 8)
    for (rank, group) in order.enumerated() {
      for position in weights.positions[weights.starts[group]..<weights.starts[group + 1]] {
        let bit = rank * weights.positionExtent + Int(position)
        bits[bit >> 3] |= 1 << (bit & 7)
      }
    }
    return (counts + bits, [counts.count])
  }
}
