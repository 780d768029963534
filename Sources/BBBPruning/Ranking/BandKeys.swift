/// A weight whose key lies in a band.
struct BandWeight: Sendable {
  var key: RankKey
  var position: Int
}

/// The weights whose keys lie in a band: listed while they are few, counted by their keys when they are
/// many.
struct BandKeys: Sendable {
  private let band: ClosedRange<RankKey>
  /// The most weights that are listed.
  private let limit: Int
  /// The number of weights.
  private(set) var count = 0
  /// The smallest key and the greatest of those counted; `nil` while there is a list.
  private var extremes: ClosedRange<RankKey>?
  /// In the order they came; `nil` if they are too many, or if all keys are equal.
  private(set) var list: [BandWeight]?
  /// The number of weights in each of equal parts of the band; empty while there is a list.
  private var histogram: [Int] = []

  private static let mostBins = 1 << 12

  /// Creates a collection without any weights.
  ///
  /// - Parameters:
  ///   - band: Where all keys lie.
  ///   - limit: The most weights to list.
  init(_ band: ClosedRange<RankKey>, limit: Int) {
    self.band = band
    self.limit = limit
    list = isSingle ? nil : []
  }

  /// Whether all keys are equal.
  var isSingle: Bool { band.lowerBound == band.upperBound }
  private var width: UInt64 { band.upperBound - band.lowerBound }
  /// The binary logarithm of the number of keys that a bin spans.
  private var binBits: Int {
    Swift.max(
      0, RankKey.bitWidth - width.leadingZeroBitCount - Self.mostBins.trailingZeroBitCount)
  }

  /// Adds a weight of the band.
  @inline(__always)
  mutating func add(_ weight: BandWeight) {
    count += 1
    if isSingle { return }
    if list == nil {
      countKey(weight.key)
    } else {
      list?.append(weight)
      if count > limit { countList() }
    }
  }

  @inline(__always)
  private func bin(of key: RankKey) -> Int { Int((key - band.lowerBound) >> UInt64(binBits)) }

  /// Adds the weights of another collection over the same band.
  ///
  /// - Parameter other: What comes next.
  mutating func add(_ other: BandKeys) {
    count += other.count
    if isSingle { return }
    if list != nil, let others = other.list, count <= limit {
      list?.append(contentsOf: others)
      return
    }
    countList()
    if let others = other.list {
      for weight in others { countKey(weight.key) }
    } else {
      if let others = other.extremes { include(others) }
      for (bin, number) in other.histogram.enumerated() { histogram[bin] += number }
    }
  }

  /// Counts the listed weights instead.
  private mutating func countList() {
    guard let weights = list else { return }
    histogram = Array(repeating: 0, count: bin(of: band.upperBound) + 1)
    for weight in weights { countKey(weight.key) }
    list = nil
  }

  @inline(__always)
  private mutating func countKey(_ key: RankKey) {
    include(key...key)
    histogram[bin(of: key)] += 1
  }

  /// Notes the extremes of keys that are not listed.
  @inline(__always)
  private mutating func include(_ keys: ClosedRange<RankKey>) {
    guard let known = extremes else {
      extremes = keys
      return
    }
    extremes =
      Swift.min(known.lowerBound, keys.lowerBound)...Swift.max(known.upperBound, keys.upperBound)
  }

  /// What is known of the key that a number of keys do not exceed.
  enum Place: Equatable {
    /// The cut.
    case cut(Cut)
    /// A narrower band that it lies in.
    case band(ClosedRange<RankKey>)
  }

  /// Finds the cut that removes a number of the weights.
  ///
  /// - Parameter removed: How many of the weights go: at least one, at most ``count``.
  /// - Returns: The cut, or where to look for it.
  func place(removing removed: Int) -> Place {
    if isSingle { return .cut(Cut(key: band.lowerBound, tieCount: removed)) }
    if let list { return .cut(Cut(removing: removed, of: list.map(\.key))) }
    var below = 0
    var bin = 0
    while below + histogram[bin] < removed {
      below += histogram[bin]
      bin += 1
    }
    let first = band.lowerBound + RankKey(bin) << UInt64(binBits)
    let span: UInt64 = (1 << UInt64(binBits)) - 1
    // Where most keys are equal, no others may be left.
    let narrower = first...Swift.min(band.upperBound, first + span)
    return .band(extremes.map { narrower.clamped(to: $0) } ?? narrower)
  }
}
