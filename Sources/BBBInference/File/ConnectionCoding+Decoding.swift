extension ConnectionCoding {
  /// Reads what ``encode(_:)`` wrote, trusting nothing.
  ///
  /// - Parameters:
  ///   - bytes: The inflated connections section.
  ///   - extents: The number of groups, and of positions in each.
  ///   - weightCount: The number of weights that the network section declares.
  /// - Returns: The groups' order, their starts and the positions of the weights.
  /// - Throws: ``CompactModelError`` if the bytes contradict themselves or the declared counts.
  func decode(
    _ bytes: [UInt8], extents: (groups: Int, positions: Int), weightCount: Int
  ) throws(CompactModelError) -> (order: [Int], starts: [Int], positions: [UInt32]) {
    let counts = try Self.decodeCounts(bytes, extents: extents, weightCount: weightCount)
    let order = Self.order(counts: counts)
    var starts = [0]
    starts.reserveCapacity(counts.count + 1)
    for count in counts { starts.append(starts[starts.count - 1] + count) }
    let payload = bytes[(extents.groups * Self.countWidth(positions: extents.positions))...]
    let positions =
      usesGaps
      ? try Self.decodeGaps(payload, order, starts, positionExtent: extents.positions)
      : try Self.decodeBits(payload, order, starts, positionExtent: extents.positions)
    return (order, starts, positions)
  }

  private static func decodeCounts(
    _ bytes: [UInt8], extents: (groups: Int, positions: Int), weightCount: Int
  ) throws(CompactModelError) -> [Int] {
    let width = countWidth(positions: extents.positions)
    guard bytes.count >= extents.groups * width else {
      throw damaged("it is too short for the counts of \(extents.groups) units")
    }
    var counts = [Int](repeating: 0, count: extents.groups)
    var sum = 0
    for group in 0..<extents.groups {
      for plane in 0..<width {
        counts[group] |= Int(bytes[plane * extents.groups + group]) << (8 * plane)
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
    _ payload: ArraySlice<UInt8>, _ order: [Int], _ starts: [Int], positionExtent: Int
  ) throws(CompactModelError) -> [UInt32] {
    let weightCount = starts[starts.count - 1]
    // Each weight takes a byte at least, so this bounds the allocation by the section's size.
    guard payload.count >= weightCount else { throw damaged("it is too short for its weights") }
    var positions = [UInt32](repeating: 0, count: weightCount)
    var next = payload.startIndex
    for group in order {
      var position = 0
      for index in starts[group]..<starts[group + 1] {
        while next < payload.endIndex, payload[next] == 255 {
          position += 255
          next += 1
        }
        guard next < payload.endIndex else { throw damaged("it ends inside a unit") }
        position += Int(payload[next])
        next += 1
        guard position < positionExtent else {
          throw damaged("a weight lies outside the layer")
        }
        positions[index] = UInt32(position)
        position += 1
      }
    }
    guard next == payload.endIndex else { throw damaged("bytes follow the last position") }
    return positions
  }

  private static func decodeBits(
    _ payload: ArraySlice<UInt8>, _ order: [Int], _ starts: [Int], positionExtent: Int
  ) throws(CompactModelError) -> [UInt32] {
    let bitCount = order.count * positionExtent
    guard payload.count == (bitCount + 7) / 8 else {
      throw damaged("its bit map has the wrong size")
    }
    var positions = [UInt32](repeating: 0, count: starts[starts.count - 1])
    for (rank, group) in order.enumerated() {
      var index = starts[group]
      for position in 0..<positionExtent {
        let bit = rank * positionExtent + position
        guard payload[payload.startIndex + (bit >> 3)] >> (bit & 7) & 1 == 1 else { continue }
        guard index < starts[group + 1] else { throw damaged("a unit has too many bits set") }
        positions[index] = UInt32(position)
        index += 1
      }
      guard index == starts[group + 1] else { throw damaged("a unit has too few bits set") }
    }
    let padding = payload.count * 8 - bitCount
    if padding > 0, let last = payload.last, last >> (8 - padding) != 0 {
      throw damaged("its padding bits are set")
    }
    return positions
  }

  private static func damaged(_ what: String) -> CompactModelError {
    CompactModelError(
      .malformed, "a connections section is inconsistent: \(what); the file is damaged or forged")
  }
}
