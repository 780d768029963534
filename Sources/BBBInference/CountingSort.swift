/// Sorting by small numbers, in time that grows with the elements only.
enum CountingSort {
  /// The positions of numbers in ascending order of the numbers, equal ones by position.
  ///
  /// - Parameters:
  ///   - numbers: Each 0 ..< `bound`.
  ///   - bound: More than the largest.
  /// - Returns: As many positions as there are numbers.
  static func order(_ numbers: [Int], bound: Int) -> [Int] {
    var next = starts(numbers, bound: bound)
    return [Int](unsafeUninitializedCapacity: numbers.count) { order, count in
      // SAFETY: the starts count the numbers, so that each position is written once.
      next.withUnsafeMutableBufferPointer { next in
        for (position, number) in numbers.enumerated() {
          order[next[number]] = position
          next[number] += 1
        }
      }
      count = numbers.count
    }
  }

  /// Where each number's run begins once they are sorted, and how many they are: `bound` + 1 entries.
  ///
  /// - Parameters:
  ///   - numbers: Each 0 ..< `bound`.
  ///   - bound: More than the largest.
  static func starts(_ numbers: some Sequence<Int>, bound: Int) -> [Int] {
    var starts = [Int](repeating: 0, count: bound + 1)
    starts.withUnsafeMutableBufferPointer { starts in
      for number in numbers { starts[number + 1] += 1 }
      for index in 0..<bound { starts[index + 1] += starts[index] }
    }
    return starts
  }
}
