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
    var target = words.mutableSpan
    guard shift > 0 else {
      for index in bits.indices { target[first + index] |= bits[index] }
      return
    }
    for index in bits.indices where bits[index] != 0 {
      target[first + index] |= bits[index] << shift
      let carried = bits[index] >> (UInt64(Mask.wordWidth) - shift)
      if carried != 0 { target[first + index + 1] |= carried }
    }
  }

  /// The positions whose bits are set, ascending.
  var positions: KeptPositions { KeptPositions(words: words, firstWord: firstWord) }
}
