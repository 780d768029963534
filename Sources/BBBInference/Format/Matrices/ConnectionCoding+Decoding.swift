extension ConnectionCoding {
  /// The connections of a layer as they were read.
  struct Connections {
    /// The groups in the order in which they, and the values, are written; `nil` if as they are numbered.
    var order: [Int]?
    /// A row for each group, a column for each position.
    var groups: SparsePattern
  }

  /// Reads what ``variants(_:)`` wrote, trusting nothing.
  ///
  /// - Parameters:
  ///   - reader: Stands at the connections; afterwards behind them.
  ///   - extents: The number of groups, and of positions in each.
  ///   - weightCount: The number of weights that the description declares.
  /// - Returns: The groups and their order.
  /// - Throws: ``CompactModelError`` if the bytes contradict themselves or the declared counts.
  func decode(
    _ reader: inout ByteReader, extents: (groups: Int, positions: Int), weightCount: Int
  ) throws(CompactModelError) -> Connections {
    if style == .orderedGaps {
      return Connections(
        order: nil,
        groups: try OrderedGaps.decode(&reader, extents: extents, weightCount: weightCount))
    }
    let counts = try Self.decodeCounts(&reader, extents: extents, weightCount: weightCount)
    let order = Self.order(counts: counts)
    let starts = CountingSort.starts(ofCounts: counts)
    let positions =
      style == .gaps
      ? try Self.decodeGaps(&reader, order, starts, positionExtent: extents.positions)
      : try Self.decodeBits(&reader, order, starts, positionExtent: extents.positions)
    return Connections(
      order: order,
      groups: SparsePattern(
        uncheckedColumnCount: extents.positions, rowStarts: starts, columns: positions))
  }

  private static func decodeCounts(
    _ reader: inout ByteReader, extents: (groups: Int, positions: Int), weightCount: Int
  ) throws(CompactModelError) -> [Int] {
    let width = countWidth(positions: extents.positions)
    guard reader.remainingCount >= extents.groups * width else {
      throw damaged("it is too short for the counts of \(extents.groups) units")
    }
    let planes = try reader.take(extents.groups * width)
    var counts = [Int](repeating: 0, count: extents.groups)
    var sum = 0
    for group in 0..<extents.groups {
      for plane in 0..<width {
        counts[group] |=
          Int(planes[planes.startIndex + plane * extents.groups + group]) << (8 * plane)
      }
      guard counts[group] <= extents.positions else {
        throw damaged("unit \(group) has more weights than the layer allows")
      }
      sum += counts[group]
    }
    guard sum == weightCount else {
      throw damaged("the counts add up to \(sum) weights and \(weightCount) are declared")
    }
    return counts
  }

  private static func decodeGaps(
    _ reader: inout ByteReader, _ order: [Int], _ starts: [UInt32], positionExtent: Int
  ) throws(CompactModelError) -> [UInt32] {
    let weightCount = Int(starts[starts.count - 1])
    // Each weight takes a byte at least, so this bounds the allocation by the section's size.
    guard reader.remainingCount >= weightCount else {
      throw damaged("it is too short for its weights")
    }
    var positions = [UInt32](repeating: 0, count: weightCount)
    var target = positions.mutableSpan
    let payload = reader.rest
    let bytes = payload.span
    var next = 0
    for group in order {
      try GapSymbols.bytes.read(
        Int(starts[group])..<Int(starts[group + 1]), from: 0, extent: positionExtent, bytes, &next,
        into: &target)
    }
    _ = try reader.take(next)
    return positions
  }

  private static func decodeBits(
    _ reader: inout ByteReader, _ order: [Int], _ starts: [UInt32], positionExtent: Int
  ) throws(CompactModelError) -> [UInt32] {
    let bitCount = order.count * positionExtent
    guard reader.remainingCount >= (bitCount + 7) / 8 else {
      throw damaged("its bit map is too short")
    }
    let payload = try reader.take((bitCount + 7) / 8)
    var positions = [UInt32](repeating: 0, count: Int(starts[starts.count - 1]))
    for (rank, group) in order.enumerated() {
      var index = Int(starts[group])
      for position in 0..<positionExtent {
        let bit = rank * positionExtent + position
        guard payload[payload.startIndex + (bit >> 3)] >> (bit & 7) & 1 == 1 else { continue }
        guard index < Int(starts[group + 1]) else { throw damaged("a unit has too many bits set") }
        positions[index] = UInt32(position)
        index += 1
      }
      guard index == Int(starts[group + 1]) else { throw damaged("a unit has too few bits set") }
    }
    let padding = payload.count * 8 - bitCount
    if padding > 0, let last = payload.last, last >> (8 - padding) != 0 {
      throw damaged("its padding bits are set")
    }
    return positions
  }

  /// The error of connections that contradict themselves.
  static func damaged(_ what: String) -> CompactModelError {
    CompactModelError(
      .malformed,
      "the connections of a layer are inconsistent: \(what); the file is damaged or forged")
  }
}
