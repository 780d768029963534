/// How much a classifier errs if it may refuse the examples of which it is least certain.
///
/// Examples are answered by ascending predictive entropy. The *coverage* is the fraction answered, the
/// *risk* the fraction of these that is wrong. Examples of equal entropy are answered in parts of all
/// of them, so that their order does not matter.
///
/// Source: Geifman and El-Yaniv, *Selective classification for deep neural networks*, NIPS 2017, section 2.
public struct RiskCoverage: Equatable, Sendable {
  /// The expected number of errors among the first n examples answered, for n from 0 to all.
  private let errorCounts: [Double]

  /// Sorts examples by uncertainty.
  ///
  /// - Parameters:
  ///   - uncertainties: The predictive entropy of each example, or another number that grows with doubt; NaN
  ///     counts as the greatest doubt.
  ///   - isCorrect: Whether each prediction is right.
  public init(uncertainties: [Double], isCorrect: [Bool]) {
    precondition(uncertainties.count == isCorrect.count, "one uncertainty for each prediction")
    let doubts = uncertainties.map { $0.isNaN ? .infinity : $0 }
    let order = doubts.indices.sorted { doubts[$0] < doubts[$1] }
    var counts = [0.0]
    counts.reserveCapacity(order.count + 1)
    var first = 0
    while first < order.count {
      let end =
        order[first...].firstIndex { doubts[$0] != doubts[order[first]] } ?? order.count
      let errors = order[first..<end].count { !isCorrect[$0] }
      let before = counts[first]
      for number in 1...(end - first) {
        counts.append(before + Double(errors * number) / Double(end - first))
      }
      first = end
    }
    errorCounts = counts
  }

  /// The fraction of wrong answers when only the most certain examples are answered.
  ///
  /// - Parameter coverage: The fraction answered, 0…1; at least one example is.
  /// - Returns: The risk, 0…1; NaN if there are no examples.
  public func risk(atCoverage coverage: Double) -> Double {
    let count = errorCounts.count - 1
    guard count > 0 else { return .nan }
    let answered = min(max(Int((coverage * Double(count)).rounded()), 1), count)
    return errorCounts[answered] / Double(answered)
  }

  /// The area under the curve of risk against coverage: the mean risk over all coverages; lower is better.
  ///
  /// Source: Geifman, Uziel and El-Yaniv, *Bias-reduced uncertainty estimation for deep neural classifiers*,
  /// ICLR 2019, section 2.
  public var area: Double {
    let count = errorCounts.count - 1
    return (1...max(1, count)).reduce(0) { sum, answered in
      sum + (count == 0 ? .nan : errorCounts[answered] / Double(answered))
    } / Double(max(1, count))
  }
}
