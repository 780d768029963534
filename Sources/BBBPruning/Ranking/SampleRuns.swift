import BBBTensors

/// Where a sample of weights is taken: runs of neighbours, because each place that is looked at costs a
/// read of the file, spread over all positions at distances that differ, because rows repeat.
package enum SampleRuns {
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
