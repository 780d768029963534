/// By how much rows of one matrix are multiples of those of another.
enum RowFactors {
  /// By how much of a row's largest value numbers of one training may differ that were stored twice.
  private static let exactTolerance = 1e-5
  /// By how much where they were multiplied on the way, in single or half precision.
  private static let scaledTolerance = 5e-4

  /// One factor for each row, where the weights are the means, or multiples of them.
  ///
  /// - Parameters:
  ///   - means: Row by row, those of a posterior.
  ///   - weights: As many, those of a graph.
  ///   - rowLength: The weights of a row.
  ///   - areMultiples: Whether each row may have a factor of its own; else all are 1.
  /// - Returns: The factors, 1 for rows of zeros on both sides, which fit anything; and whether any row tells anything, as single
  ///   weights do not that are multiples of any other. `nil` if a row is no multiple.
  static func find(
    from means: [Double], to weights: [Float], rowLength: Int, areMultiples: Bool
  ) -> (factors: [Double], tell: Bool)? {
    guard means.count == weights.count, rowLength > 0 else { return nil }
    var factors: [Double] = []
    var isTold = false
    for start in stride(from: 0, to: means.count, by: rowLength) {
      let row = start..<start + rowLength
      var (product, square, largest, largestMean) = (0.0, 0.0, 0.0, 0.0)
      for index in row {
        product += means[index] * Double(weights[index])
        square += means[index] * means[index]
        largest = max(largest, abs(Double(weights[index])))
        largestMean = max(largestMean, abs(means[index]))
      }
      guard square > 0 || largest == 0 else { return nil }
      let factor = areMultiples && square > 0 ? product / square : 1
      let tolerance =
        areMultiples
        ? Self.scaledTolerance * largest : Self.exactTolerance * max(largest, largestMean)
      guard row.allSatisfy({ abs(Double(weights[$0]) - factor * means[$0]) <= tolerance }) else {
        return nil
      }
      if largest > 0, rowLength > 1 || !areMultiples { isTold = true }
      factors.append(factor)
    }
    return (factors, isTold)
  }
}
