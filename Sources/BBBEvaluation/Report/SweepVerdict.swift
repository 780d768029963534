/// How far a network can be pruned, in one sentence.
///
/// The sparsity it names is the largest such that *every* pruned point up to it passes. A point passes
/// if the exact McNemar test finds no significant difference from the unpruned network (p ≥ 0.05), or
/// if it has no more errors. A sparsity that passes beyond one that fails is not taken: in a curve
/// that dips and recovers, that would be picking the luckiest of many tests.
public enum SweepVerdict {
  /// Judges one curve.
  ///
  /// - Parameter curve: Points by ascending sparsity, with p-values against the unpruned network.
  /// - Returns: One sentence.
  public static func sentence(for curve: SweepCurve) -> String {
    let pruned = curve.points.filter { $0.removed > 0 }
    guard let first = pruned.first else {
      guard let unpruned = curve.unpruned else { return "The sweep has no points." }
      return
        "Nothing was pruned: the unpruned network's error is \(percent(unpruned.error)), and its"
        + " file has \(size(unpruned))."
    }
    guard let best = recommendation(for: curve) else {
      return "No sparsity tried keeps the unpruned network's error: already at"
        + " \(place(first)) the error is \(percent(first.error)), \(comparison(first, in: curve))."
    }
    let isLast = best.sparsity == pruned.last?.sparsity ? ", the highest sparsity tried," : ""
    return "At \(place(best))\(isLast) the error is \(percent(best.error)),"
      + " \(comparison(best, in: curve)); the file has \(size(best))."
  }

  /// The point that the sentence names: the last pruned one up to which every one passes.
  ///
  /// - Parameter curve: Points by ascending sparsity, with p-values against the unpruned network.
  /// - Returns: The point; `nil` if none was pruned, or already the first one fails.
  static func recommendation(for curve: SweepCurve) -> SweepPoint? {
    curve.points.filter { $0.removed > 0 }.prefix { !curve.isSignificantlyWorse($0) }.last
  }

  private static func comparison(_ point: SweepPoint, in curve: SweepCurve) -> String {
    let reference = curve.unpruned.map { " \(percent($0.error))" } ?? ""
    let relation: String
    if point.pValue >= 0.05 {
      relation = "not significantly different from"
    } else if curve.isSignificantlyWorse(point) {
      relation = "significantly higher than"
    } else {
      relation = "significantly lower than"
    }
    // Two decimals would round 0.0496 to the limit it is below.
    let equation =
      point.pValue < 0.001
      ? "< 0.001" : "= " + NumberText.fixed(point.pValue, decimals: point.pValue < 0.1 ? 4 : 2)
    return "\(relation) the unpruned network's\(reference) (exact McNemar test, p \(equation))"
  }

  private static func place(_ point: SweepPoint) -> String {
    "\(NumberText.trimmed(point.sparsity * 100)) % sparsity"
      + " (\(NumberText.grouped(point.kept)) weights left)"
  }

  private static func size(_ point: SweepPoint) -> String {
    "\(NumberText.grouped(point.bytes)) bytes, \(NumberText.sizeComparison(point.ratio))"
      + " dense float32"
  }

  private static func percent(_ fraction: Double) -> String {
    NumberText.fixed(fraction * 100, decimals: 2) + " %"
  }
}
