/// The connections of groups that are numbered by falling count, equal counts by first position.
///
/// After the escape of the gaps, three stretches: the counts as runs (how much lower than the count before,
/// for how many groups); each group's first position, as the distance from that of the group before where
/// the counts are equal; and the other gaps of each group.
///
/// A hidden layer's units can be numbered at will, so their order carries log₂(n!) bits that need not be
/// written: the runs and the short distances are how most of them are saved.
enum OrderedGaps {
  /// Whether groups are numbered as this coding needs.
  static func isOrdered(_ groups: SparsePattern) -> Bool {
    (1..<max(groups.rowCount, 1)).allSatisfy { group in
      let (previous, next) = (groups.columns(ofRow: group - 1), groups.columns(ofRow: group))
      if previous.count != next.count { return previous.count > next.count }
      return previous.first ?? 0 <= next.first ?? 0
    }
  }

  static func encode(_ groups: SparsePattern, _ symbols: GapSymbols) -> [PayloadSegment] {
    precondition(isOrdered(groups), "the groups are numbered by count and first position")
    var runs = ByteWriter()
    runs.append(UInt8(symbols.escape))
    var firsts = PayloadSegment(content: .symbols, bytes: [])
    var others = PayloadSegment(content: .symbols, bytes: [])
    var count = groups.columnCount
    var first = 0
    var group = 0
    while group < groups.rowCount {
      let runCount = groups.columns(ofRow: group).count
      let run = (group..<groups.rowCount).prefix {
        groups.columns(ofRow: $0).count == runCount
      }
      runs.appendVariableLength(count - runCount)
      runs.appendVariableLength(run.count)
      count = runCount
      first = 0
      for group in run where count > 0 {
        others.boundaries.append(others.bytes.count)
        let positions = groups.columns(ofRow: group)
        symbols.append(positions.prefix(1), from: first, to: &firsts.bytes)
        first = Int(positions[positions.startIndex])
        symbols.append(positions.dropFirst(), from: first + 1, to: &others.bytes)
      }
      group += run.count
    }
    return [PayloadSegment(content: .repetitive, bytes: runs.bytes), firsts, others]
  }

  /// Reads what ``encode(_:_:)`` wrote, trusting nothing.
  ///
  /// - Parameters:
  ///   - reader: Stands at the escape; afterwards behind the last gap.
  ///   - extents: The number of groups, and of positions in each.
  ///   - weightCount: The number of weights that the description declares.
  /// - Returns: A row for each group, a column for each position.
  /// - Throws: ``CompactModelError`` if the bytes contradict themselves or the declared counts.
  static func decode(
    _ reader: inout ByteReader, extents: (groups: Int, positions: Int), weightCount: Int
  ) throws(CompactModelError) -> SparsePattern {
    let symbols = GapSymbols(escape: Int(try reader.byte()))
    guard symbols.escape > 0 else {
      throw ConnectionCoding.damaged("its gaps have no symbols")
    }
    let starts = try readRuns(&reader, extents, weightCount: weightCount)
    guard reader.remainingCount >= weightCount else {
      throw ConnectionCoding.damaged("it is too short for its weights")
    }
    var positions = [UInt32](repeating: 0, count: weightCount)
    var target = positions.mutableSpan
    let rest = reader.rest
    let bytes = rest.span
    var next = 0
    var previousCount = 0
    var first = 0
    for group in 0..<extents.groups where starts[group] < starts[group + 1] {
      let start = starts[group]
      let count = starts[group + 1] - start
      if count != previousCount { first = 0 }
      try symbols.read(
        start..<start + 1, from: first, extent: extents.positions, bytes, &next, into: &target)
      first = Int(target[start])
      previousCount = count
    }
    for group in 0..<extents.groups where starts[group] < starts[group + 1] {
      let start = starts[group]
      try symbols.read(
        start + 1..<starts[group + 1], from: Int(target[start]) + 1, extent: extents.positions,
        bytes, &next, into: &target)
    }
    _ = try reader.take(next)
    return SparsePattern(
      uncheckedColumnCount: extents.positions, rowStarts: starts.map(UInt32.init),
      columns: positions)
  }

  private static func readRuns(
    _ reader: inout ByteReader, _ extents: (groups: Int, positions: Int), weightCount: Int
  ) throws(CompactModelError) -> [Int] {
    var starts = [0]
    starts.reserveCapacity(extents.groups + 1)
    var count = extents.positions
    while starts.count <= extents.groups {
      let drop = try reader.variableLengthInteger()
      let length = try reader.variableLengthInteger()
      guard drop <= count, drop > 0 || starts.count == 1 else {
        throw ConnectionCoding.damaged("the counts of its units do not fall")
      }
      guard (1...(extents.groups - starts.count + 1)).contains(length) else {
        throw ConnectionCoding.damaged("a run has more units than the layer")
      }
      count -= drop
      for _ in 0..<length { starts.append(starts[starts.count - 1] + count) }
    }
    guard starts[extents.groups] == weightCount else {
      throw ConnectionCoding.damaged(
        "the counts add up to \(starts[extents.groups]) weights and \(weightCount) are declared")
    }
    return starts
  }
}
