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
    guard let last = positions.last else { return }
    // No more than a byte for each position and an escape for every so many skipped.
    let first = bytes.count
    let most = positions.count + (Int(last) - start) / escape
    bytes.append(contentsOf: repeatElement(UInt8(escape), count: most))
    var target = bytes.mutableSpan
    var index = first
    var next = start
    for position in positions {
      let (escapes, rest) = split(Int(position) - next)
      index += escapes
      target[index] = UInt8(truncatingIfNeeded: rest)
      index += 1
      next = Int(position) + 1
    }
    bytes.removeLast(first + most - index)
  }

  /// A gap as a number of escapes, and what follows them.
  private func split(_ gap: Int) -> (escapes: Int, rest: Int) {
    gap < escape ? (0, gap) : gap.quotientAndRemainder(dividingBy: escape)
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
    var source = next
    var index = indices.lowerBound
    var position = start
    while index < indices.upperBound {
      guard source < bytes.count, bytes[source] <= escape else {
        throw ConnectionCoding.damaged("it ends inside a unit")
      }
      let symbol = Int(bytes[source])
      source += 1
      position += symbol
      guard position < extent || symbol == escape else {
        throw ConnectionCoding.damaged("a weight lies outside the layer")
      }
      // Nobody can foresee whether a gap goes on, so neither case takes a branch: until it ends, what is
      // written here is overwritten.
      positions[index] = UInt32(truncatingIfNeeded: position)
      let ends = symbol == escape ? 0 : 1
      index += ends
      position += ends
    }
    next = source
  }
}
