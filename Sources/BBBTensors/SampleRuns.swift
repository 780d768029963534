import BBBKernels

/// Where a sample of a tensor's elements is taken: runs of neighbours, because each place that is looked at costs a
/// read of the file, spread over all positions at distances that differ, because rows repeat.
package enum SampleRuns {
  /// Runs that stand for all elements: all of them if the runs would hold as many.
  ///
  /// - Parameters:
  ///   - elementCount: How many elements there are.
  ///   - count: How many runs.
  ///   - length: The length of each.
  /// - Returns: The runs, ascending.
  package static func of(elementCount: Int, count: Int, length: Int) -> [Range<Int>] {
    elementCount > count * length
      ? make(count: count, length: length, in: 0..<elementCount) : [0..<elementCount]
  }

  /// Places runs, the same ones every time.
  ///
  /// - Parameters:
  ///   - count: How many runs.
  ///   - length: The length of each, at most that of `part`.
  ///   - part: The positions to spread them over.
  /// - Returns: The runs, ascending.
  package static func make(count: Int, length: Int, in part: Range<Int>) -> [Range<Int>] {
    let spacing = Double(part.count - length) / Double(count)
    return (0..<count).map { run in
      var random = SplitMix64(seed: 0, position: UInt64(run))
      let start = part.lowerBound + Int((Double(run) + random.nextUniform()) * spacing)
      return start..<start + length
    }
  }
}
