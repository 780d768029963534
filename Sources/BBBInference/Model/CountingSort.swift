/// Sorting by small numbers, in time that grows with the elements only.
enum CountingSort {
  /// The positions of counts from the largest to the smallest, equal ones by ascending position.
  ///
  /// - Parameter counts: Not negative; the largest bounds the memory that is used.
  /// - Returns: As many positions as there are counts.
  static func fallingOrder(_ counts: [Int]) -> [Int] {
    let most = counts.max() ?? 0
    var next = starts(ofCounts: occurrences(of: counts.lazy.map { most - $0 }, bound: most + 1))
    return [Int](unsafeUninitializedCapacity: counts.count) { order, orderCount in
      // SAFETY: the starts count the counts, so that each position is written once.
      next.withUnsafeMutableBufferPointer { next in
        for (position, count) in counts.enumerated() {
          order[Int(next[most - count])] = position
          next[most - count] += 1
        }
      }
      orderCount = counts.count
    }
  }

  /// How often each number occurs.
  ///
  /// - Parameters:
  ///   - numbers: Each 0 ..< `bound`.
  ///   - bound: More than the largest.
  /// - Returns: A count for each number below the bound.
  static func occurrences(of numbers: some Sequence<some BinaryInteger>, bound: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: bound)
    var span = counts.mutableSpan
    for number in numbers { span[Int(number)] += 1 }
    return counts
  }

  /// Where runs of given lengths begin, one behind the other, and where the last ends.
  ///
  /// - Parameter counts: The lengths, which add up to less than 2³².
  /// - Returns: One number more than there are runs.
  static func starts(ofCounts counts: some Collection<Int>) -> [UInt32] {
    var starts: [UInt32] = [0]
    starts.reserveCapacity(counts.count + 1)
    var end = 0
    for count in counts {
      end += count
      starts.append(UInt32(end))
    }
    return starts
  }
}
