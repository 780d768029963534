/// Which of a number of weights stay: one bit each.
///
/// A collection of truth values, true where a weight stays.
public struct Mask: Equatable, Sendable {
  /// The number of weights.
  public let count: Int
  /// Bit i % 64 of word i / 64 is that of weight i; the bits beyond ``count`` are 0.
  private(set) var words: [UInt64]

  static let wordWidth = UInt64.bitWidth

  /// Creates a mask that treats all weights alike.
  ///
  /// - Parameters:
  ///   - keeps: Whether they stay.
  ///   - count: How many there are.
  public init(repeating keeps: Bool, count: Int) {
    self.count = count
    words = Array(repeating: keeps ? .max : 0, count: Self.wordCount(of: count))
    if keeps { clearBeyondEnd() }
  }

  /// Creates a mask from truth values.
  ///
  /// - Parameter flags: Whether each weight stays.
  public init(_ flags: some Collection<Bool>) {
    self.init(repeating: false, count: flags.count)
    for (position, flag) in flags.enumerated() where flag { insert(position) }
  }

  private static func wordCount(of count: Int) -> Int { (count + wordWidth - 1) / wordWidth }

  private mutating func clearBeyondEnd() {
    let used = count % Self.wordWidth
    if used > 0, !words.isEmpty { words[words.count - 1] &= (1 << UInt64(used)) - 1 }
  }

  private mutating func insert(_ position: Int) {
    words[position / Self.wordWidth] |= 1 << UInt64(position % Self.wordWidth)
  }

  /// The number of weights that stay.
  public var keptCount: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The positions of the weights that stay, ascending.
  public var keptPositions: KeptPositions { keptPositions(in: 0..<count) }

  /// The positions within a range of the weights that stay, ascending.
  ///
  /// - Parameter range: Within `0..<count`.
  /// - Returns: The positions, counted from that of the mask's first weight.
  public func keptPositions(in range: Range<Int>) -> KeptPositions {
    precondition(0 <= range.lowerBound && range.upperBound <= count, "positions beyond the mask")
    return KeptPositions(words: words, range: range)
  }

  /// The mask of some of the weights.
  ///
  /// - Parameter range: Their positions, within `0..<count`.
  /// - Returns: A mask in which they begin at 0.
  public func part(_ range: Range<Int>) -> Mask {
    precondition(0 <= range.lowerBound && range.upperBound <= count, "positions beyond the mask")
    var part = Mask(repeating: false, count: range.count)
    let first = range.lowerBound / Self.wordWidth
    let shift = UInt64(range.lowerBound % Self.wordWidth)
    for index in part.words.indices {
      var word = words[first + index] >> shift
      // Swift's shift by the whole width gives 0.
      if first + index + 1 < words.count {
        word |= words[first + index + 1] << (UInt64(Self.wordWidth) - shift)
      }
      part.words[index] = word
    }
    part.clearBeyondEnd()
    return part
  }

  /// Removes all weights within a range.
  ///
  /// - Parameter range: Their positions, within `0..<count`.
  mutating func remove(_ range: Range<Int>) {
    precondition(0 <= range.lowerBound && range.upperBound <= count, "positions beyond the mask")
    guard !range.isEmpty else { return }
    let (first, last) = (range.lowerBound / Self.wordWidth, (range.upperBound - 1) / Self.wordWidth)
    for index in first...last {
      let start = Swift.max(range.lowerBound - index * Self.wordWidth, 0)
      let end = Swift.min(range.upperBound - index * Self.wordWidth, Self.wordWidth)
      // Swift's shift by the whole width gives 0.
      words[index] &= ~((UInt64.max << UInt64(start)) & ~(UInt64.max << UInt64(end)))
    }
  }

  /// Keeps the weights of a run besides those kept already.
  ///
  /// - Parameter run: Whose positions are those of this mask.
  mutating func formUnion(_ run: BitRun) {
    var target = words.mutableSpan
    for index in run.words.indices { target[run.firstWord + index] |= run.words[index] }
  }
}

extension Mask: RandomAccessCollection, MutableCollection {
  /// The position of the first weight.
  public var startIndex: Int { 0 }
  /// The position behind the last weight.
  public var endIndex: Int { count }

  /// Whether the weight at a position stays.
  ///
  /// - Parameter position: Within `0..<count`.
  public subscript(position: Int) -> Bool {
    @inline(__always)
    get {
      precondition(position < count, "a position beyond the mask")
      return words[position / Self.wordWidth] >> UInt64(position % Self.wordWidth) & 1 == 1
    }
    @inline(__always)
    set {
      precondition(position < count, "a position beyond the mask")
      let bit: UInt64 = 1 << UInt64(position % Self.wordWidth)
      if newValue {
        words[position / Self.wordWidth] |= bit
      } else {
        words[position / Self.wordWidth] &= ~bit
      }
    }
  }
}

extension Mask: ExpressibleByArrayLiteral {
  /// Creates a mask from truth values.
  ///
  /// - Parameter elements: Whether each weight stays.
  public init(arrayLiteral elements: Bool...) { self.init(elements) }
}

/// The positions of the weights that stay, ascending.
public struct KeptPositions: Sequence, IteratorProtocol, Sendable {
  private let words: [UInt64]
  /// The position of the first word's first bit.
  private let base: Int
  /// No position is handed out from here on.
  private let end: Int
  /// The index of the word whose bits are handed out.
  private var index: Int
  private var rest: UInt64

  /// The positions within a range.
  fileprivate init(words: [UInt64], range: Range<Int>) {
    self.words = words
    base = 0
    end = range.upperBound
    index = range.lowerBound / Mask.wordWidth
    rest =
      range.isEmpty
      ? 0 : words[index] & (UInt64.max << UInt64(range.lowerBound % Mask.wordWidth))
  }

  /// All positions whose bits are set, where the first word is not that of position 0.
  init(words: [UInt64], firstWord: Int) {
    self.words = words
    base = firstWord * Mask.wordWidth
    end = base + words.count * Mask.wordWidth
    index = 0
    rest = words.first ?? 0
  }

  /// The next position; `nil` behind the last.
  public mutating func next() -> Int? {
    while rest == 0 {
      index += 1
      guard base + index * Mask.wordWidth < end else { return nil }
      rest = words[index]
    }
    let position = base + index * Mask.wordWidth + rest.trailingZeroBitCount
    rest &= rest - 1
    return position < end ? position : nil
  }
}
