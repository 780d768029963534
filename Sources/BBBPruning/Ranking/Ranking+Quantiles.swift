import BBBKernels
import BBBPosterior
import BBBTensors

extension Ranking {
  /// The criterion's values at quantiles of the weights, in decibels (20 log₁₀).
  ///
  /// - Parameter quantiles: Each 0…1; the weight of rank ⌊quantile · (N − 1)⌋ is taken.
  /// - Returns: The values; `nil` where the criterion is 0, or the weight was removed earlier.
  /// - Throws: `PosteriorError` about the first mean or standard deviation that is not valid.
  public func decibels(atQuantiles quantiles: [Double]) throws(PosteriorError) -> [Double?] {
    try decibels(
      atRanks: quantiles.map {
        Int((min(max($0, 0), 1) * Double(count - 1)).rounded(.down))
      })
  }

  /// The criterion's values of the weights that a number of others rank before, in decibels.
  ///
  /// - Parameter ranks: Each 0 ..< ``count``.
  /// - Returns: The values; `nil` where the criterion is 0, or the weight was removed earlier.
  /// - Throws: `PosteriorError` about the first mean or standard deviation that is not valid.
  package func decibels(atRanks ranks: [Int]) throws(PosteriorError) -> [Double?] {
    try greatestDecibels(removing: ranks.map { $0 + 1 })
  }

  /// The largest criterion values that sparsities over all layers remove, in decibels.
  ///
  /// - Parameter sparsities: Each 0…1.
  /// - Returns: ``Pruning/thresholdDecibels`` of those prunings.
  /// - Throws: `PosteriorError` about the first mean or standard deviation that is not valid.
  package func thresholdDecibels(
    atSparsities sparsities: [Double]
  ) throws(PosteriorError) -> [Double?] {
    try greatestDecibels(
      removing: sparsities.map { Self.removedCount(atSparsity: min(max($0, 0), 1), of: count) })
  }

  private func greatestDecibels(removing counts: [Int]) throws(PosteriorError) -> [Double?] {
    try cuts(searches(removing: counts, of: 0..<count), wantsMask: false)
      .map { $0.cut.key.score.map(score.value).flatMap(BBBPruning.decibels) }
  }

  /// The weights whose scores are in memory at a time, on one thread.
  private static let visitedCount = 1 << 16

  /// Folds the scores of all weights into a value, part by part on several threads.
  ///
  /// - Parameters:
  ///   - initial: What each part begins with.
  ///   - add: Takes up one weight's score, `nil` if an earlier pruning removed it.
  ///   - combine: Takes up the value of the next part.
  /// - Returns: The value of all parts.
  /// - Throws: `PosteriorError` about the first mean or standard deviation that is not valid.
  package func reduceScores<Value: Sendable>(
    _ initial: Value, _ add: @Sendable (inout Value, Double?) -> Void,
    _ combine: (inout Value, Value) -> Void
  ) throws(PosteriorError) -> Value {
    let starts = Array(stride(from: 0, to: count, by: Self.visitedCount))
    let results = parallelMap(count: starts.count, threadCount: threadCount) { index in
      Result { () throws(PosteriorError) in
        var value = initial
        let part = starts[index]..<min(starts[index] + Self.visitedCount, count)
        for (segment, positions) in segments(at: part) {
          for key in try reader(ofSegment: segment).keys(at: positions) {
            add(&value, key.score)
          }
        }
        return value
      }
    }
    var total = initial
    for result in results { combine(&total, try result.get()) }
    return total
  }
}
