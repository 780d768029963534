/// How well a score tells two groups apart: the area under the receiver operating characteristic (AUROC).
///
/// It is the probability that a random member of the one group scores higher than one of the other,
/// equal scores counting half: 1 if they are separated, ½ if the score knows nothing.
///
/// Source: Hanley and McNeil, *The meaning and use of the area under a receiver operating characteristic (ROC)
/// curve*, Radiology 143 (1982), by the rank sum of Mann and Whitney.
public enum SeparationScore {
  /// Computes the area.
  ///
  /// - Parameters:
  ///   - high: The scores of the group that should score high.
  ///   - low: Those of the group that should score low.
  /// - Returns: The area, 0…1; NaN if a group is empty or a score is NaN.
  public static func area(high: [Double], low: [Double]) -> Double {
    guard !high.isEmpty, !low.isEmpty, !(high + low).contains(where: \.isNaN) else { return .nan }
    let scores = high.map { ($0, true) } + low.map { ($0, false) }
    let sorted = scores.sorted { $0.0 < $1.0 }
    var wins = 0.0
    var lowBefore = 0
    var first = 0
    while first < sorted.count {
      let end = sorted[first...].firstIndex { $0.0 != sorted[first].0 } ?? sorted.count
      let highHere = sorted[first..<end].count { $0.1 }
      let lowHere = end - first - highHere
      wins += Double(highHere) * (Double(lowBefore) + Double(lowHere) / 2)
      lowBefore += lowHere
      first = end
    }
    return wins / (Double(high.count) * Double(low.count))
  }
}
