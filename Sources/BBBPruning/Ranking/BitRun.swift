/// The bits of neighbouring positions, in the words that a ``Mask`` over all positions has them in.
struct BitRun: Sendable {
  /// The index, in the mask, of the first word.
  let firstWord: Int
  /// The bits of other positions are 0.
  private(set) var words: [UInt64]

  /// Creates a run without any bit set.
  ///
  /// - Parameter positions: Which the run can hold.
  init(_ positions: Range<Int>) {
    firstWord = positions.lowerBound / Mask.wordWidth
    let end = (positions.upperBound + Mask.wordWidth - 1) / Mask.wordWidth
    words = Array(repeating: 0, count: Swift.max(end - firstWord, 0))
  }

  /// Sets the bit of a position.
  mutating func insert(_ position: Int) {
    words[position / Mask.wordWidth - firstWord] |= 1 << UInt64(position % Mask.wordWidth)
  }

  /// Sets bits that begin at a position.
  ///
  /// - Parameters:
  ///   - bits: The first is that of the position; those beyond the run's end are 0.
  ///   - position: Within the run.
  mutating func formUnion(_ bits: UnsafeBufferPointer<UInt64>, at position: Int) {
    let first = position / Mask.wordWidth - firstWord
    let shift = UInt64(position % Mask.wordWidth)
    for (index, word) in bits.enumerated() where word != 0 {
      words[first + index] |= word << shift
      let carried = shift == 0 ? 0 : word >> (UInt64(Mask.wordWidth) - shift)
      if carried != 0 { words[first + index + 1] |= carried }
    }
  }

  /// Calls `body` with each position whose bit is set, ascending.
  func forEach(_ body: (Int) -> Void) {
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        body((firstWord + index) * Mask.wordWidth + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
  }
}
