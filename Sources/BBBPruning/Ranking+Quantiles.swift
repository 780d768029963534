extension Ranking {
  /// The criterion's value at a quantile of the weights, in decibels (20 log₁₀).
  ///
  /// - Parameter quantile: 0…1; the weight of rank ⌊quantile · (N − 1)⌋ is taken.
  /// - Returns: The value; `nil` where the criterion is 0, or the weight was removed earlier.
  public func decibels(atQuantile quantile: Double) -> Double? {
    decibels(atRank: Int((min(max(quantile, 0), 1) * Double(count - 1)).rounded(.down)))
  }

  /// The criterion's value of the weight that a number of others rank before, in decibels.
  ///
  /// - Parameter rank: 0 ..< ``count``.
  /// - Returns: The value; `nil` where the criterion is 0, or the weight was removed earlier.
  package func decibels(atRank rank: Int) -> Double? {
    Selection(removing: rank + 1, of: keys[...]).flatMap { Self.score(key: $0.key) }
      .flatMap(BBBPruning.decibels)
  }

  /// The largest criterion value that a sparsity over all layers removes, in decibels.
  ///
  /// - Parameter sparsity: 0…1.
  /// - Returns: ``Pruning/thresholdDecibels`` of that pruning.
  package func thresholdDecibels(atSparsity sparsity: Double) -> Double? {
    selection(atSparsity: min(max(sparsity, 0), 1), in: 0..<count)
      .flatMap { Self.score(key: $0.key) }.flatMap(BBBPruning.decibels)
  }

  /// The criterion's value of the weight at a position; `nil` if an earlier pruning removed it.
  package func score(at position: Int) -> Double? {
    Self.score(key: keys[position])
  }
}
