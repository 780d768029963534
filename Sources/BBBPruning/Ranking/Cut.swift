/// Where a ranking is cut: all keys below `key` go, and the first `tieCount` of those equal to it.
struct Cut: Equatable, Sendable {
  var key: RankKey
  var tieCount: Int

  init(key: RankKey, tieCount: Int) {
    self.key = key
    self.tieCount = tieCount
  }

  /// Finds the cut that removes exactly `count` keys.
  ///
  /// A histogram finds the keys near the cut in one pass; only those are sorted.
  ///
  /// - Parameters:
  ///   - count: How many to remove, from 1 to `keys.count`.
  ///   - keys: In any order.
  init(removing count: Int, of keys: [RankKey]) {
    precondition(1 <= count && count <= keys.count, "what is removed is there")
    var (least, greatest) = (keys[0], keys[0])
    for key in keys {
      least = min(least, key)
      greatest = max(greatest, key)
    }
    let width = greatest - least
    let binBits = UInt64(
      max(0, RankKey.bitWidth - width.leadingZeroBitCount - Self.histogramBits))
    var histogram = [Int](repeating: 0, count: Int(width >> binBits) + 1)
    for key in keys { histogram[Int((key - least) >> binBits)] += 1 }
    var below = 0
    var bin = 0
    while below + histogram[bin] < count {
      below += histogram[bin]
      bin += 1
    }
    let near = keys.filter { Int(($0 - least) >> binBits) == bin }.sorted()
    key = near[count - below - 1]
    tieCount = count - below - near.firstIndex(atLeast: key)
  }

  private static let histogramBits = 16
}

extension [RankKey] {
  /// The index of the first element that is not below `value`; the array is sorted.
  fileprivate func firstIndex(atLeast value: RankKey) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
