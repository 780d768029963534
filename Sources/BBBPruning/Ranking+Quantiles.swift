extension Ranking {
  /// The criterion's value at a quantile of the weights, in decibels (20 log₁₀).
  ///
  /// - Parameter quantile: 0…1; the weight of rank ⌊quantile · (N − 1)⌋ is taken.
  /// - Returns: The value; `nil` where the criterion is 0, or the weight was removed earlier.
  public func decibels(atQuantile quantile: Double) -> Double? {
    let rank = Int((min(max(quantile, 0), 1) * Double(count - 1)).rounded(.down))
    guard let selection = Selection(removing: rank + 1, of: keys[...]),
      let score = Self.score(key: selection.key)
    else { return nil }
    return BBBPruning.decibels(score)
  }
}
