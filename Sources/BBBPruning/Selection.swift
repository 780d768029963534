/// The cut that removes a number of the smallest keys: all below `key`, and the first `tieCount` of
/// those equal to it.
struct Selection: Equatable {
  var key: UInt64
  var tieCount: Int

  /// Finds the cut that removes exactly `count` keys; `nil` if it removes none.
  ///
  /// A histogram over the keys' high bits finds the bin of the cut in one pass; only that bin's keys
  /// are then sorted.
  ///
  /// - Parameters:
  ///   - count: How many to remove, at most `keys.count`.
  ///   - keys: In any order.
  init?(removing count: Int, of keys: ArraySlice<UInt64>) {
    guard count > 0 else { return nil }
    var histogram = [Int](repeating: 0, count: 1 << 16)
    for key in keys { histogram[Int(key >> 48)] += 1 }
    var below = 0
    var bin = 0
    while below + histogram[bin] < count {
      below += histogram[bin]
      bin += 1
    }
    let candidates = keys.filter { Int($0 >> 48) == bin }.sorted()
    key = candidates[count - below - 1]
    tieCount = count - below - candidates.firstIndexOf(atLeast: key)
  }

  /// Marks what stays.
  ///
  /// - Parameters:
  ///   - keys: The keys that the cut was found in.
  ///   - keeps: A flag per key, all true; those of removed keys become false.
  func clear(_ keys: ArraySlice<UInt64>, in keeps: inout [Bool]) {
    var tiesLeft = tieCount
    for position in keys.indices where keys[position] <= key {
      if keys[position] == key {
        guard tiesLeft > 0 else { continue }
        tiesLeft -= 1
      }
      keeps[position] = false
    }
  }
}

extension [UInt64] {
  /// The index of the first element that is not below `value`; the array is sorted.
  fileprivate func firstIndexOf(atLeast value: UInt64) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
