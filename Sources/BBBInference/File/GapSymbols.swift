/// Gaps as bytes: the escape stands for as many skipped positions and is followed by the rest.
///
/// Gaps of weights that lie at random fall off geometrically, so what follows an escape is distributed like
/// the whole: a smaller escape costs next to nothing, and takes a smaller table of Huffman codes.
struct GapSymbols {
  let escape: Int

  /// The escape of codings that do not state theirs.
  static let bytes = GapSymbols(escape: 255)
  /// What is tried where a coding states its escape: nothing that few gaps come near.
  static func candidates(meanGap: Double) -> [GapSymbols] {
    [255, 127, 63, 31].map(GapSymbols.init(escape:)).filter {
      $0.escape == 255 || Double($0.escape) < 4 * meanGap
    }
  }

  /// Writes ascending positions as the gaps between them.
  ///
  /// - Parameters:
  ///   - positions: The positions.
  ///   - start: The position of which the first gap is 0.
  ///   - bytes: What the symbols are appended to.
  func append(_ positions: ArraySlice<UInt32>, from start: Int, to bytes: inout [UInt8]) {
    var next = start
    for position in positions {
      var gap = Int(position) - next
      while gap >= escape {
        bytes.append(UInt8(escape))
        gap -= escape
      }
      bytes.append(UInt8(gap))
      next = Int(position) + 1
    }
  }

  /// Reads what ``append(_:from:to:)`` wrote, trusting nothing.
  ///
  /// - Parameters:
  ///   - indices: Where in `positions` they go.
  ///   - start: The position of which the first gap is 0.
  ///   - extent: The number of positions that there are.
  ///   - bytes: The symbols.
  ///   - next: The index of the next symbol; afterwards of the one behind the last gap.
  ///   - positions: Positions, of which some are overwritten.
  /// - Throws: ``CompactModelError`` if the bytes end within a gap, hold a symbol beyond the escape, or lead
  ///   to a position that there is not.
  @inline(__always)
  func read(
    _ indices: Range<Int>, from start: Int, extent: Int, _ bytes: Span<UInt8>, _ next: inout Int,
    into positions: inout MutableSpan<UInt32>
  ) throws(CompactModelError) {
    var position = start
    for index in indices {
      var symbol = escape
      while symbol == escape {
        guard next < bytes.count else {
          throw ConnectionCoding.damaged("it ends inside a unit")
        }
        symbol = Int(bytes[next])
        next += 1
        position += symbol
      }
      guard symbol < escape else {
        throw ConnectionCoding.damaged("it ends inside a unit")
      }
      guard position < extent else {
        throw ConnectionCoding.damaged("a weight lies outside the layer")
      }
      positions[index] = UInt32(truncatingIfNeeded: position)
      position += 1
    }
  }
}
