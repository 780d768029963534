import BBBPosterior

/// The weights that the evidence can do without: those with ΔF ≤ 0
/// (``Criterion/bayesianModelReduction(prior:)``).
public struct EvidenceCut: Equatable, Sendable {
  /// The number of weights ranked.
  public let weightCount: Int
  /// The number of weights with ΔF ≤ 0, and of those that an earlier pruning removed.
  public let removedCount: Int
  /// By how many nats removing those raises the logarithm of the evidence: −Σ ΔF.
  ///
  /// As far as the posterior's weights are independent, as mean-field says.
  public let gain: Double

  /// The fraction of the weights that goes.
  public var sparsity: Double {
    weightCount > 0 ? Double(removedCount) / Double(weightCount) : 0
  }
}

extension Ranking {
  /// Finds the weights that the evidence can do without.
  ///
  /// Removing the fraction ``EvidenceCut/sparsity`` of the weights by this ranking removes exactly them.
  ///
  /// - Returns: How many there are.
  /// - Throws: `PosteriorError` unless the criterion is Bayesian model reduction, or about the first mean or standard
  ///   deviation that is not valid.
  public func evidenceCut() throws(PosteriorError) -> EvidenceCut {
    try criterion.checkSaysEvidence()
    struct Sum {
      var count = 0
      var gain = 0.0
    }
    let sum = try reduceScores(
      Sum(),
      { sum, score in
        guard let score else {
          sum.count += 1
          return
        }
        if score <= 0 {
          sum.count += 1
          sum.gain -= score
        }
      },
      { sum, next in
        sum.count += next.count
        sum.gain += next.gain
      })
    return EvidenceCut(weightCount: count, removedCount: sum.count, gain: sum.gain)
  }
}

extension Criterion {
  /// Checks that scores are what the evidence loses.
  func checkSaysEvidence() throws(PosteriorError) {
    guard case .bayesianModelReduction = self else {
      throw PosteriorError(
        .invalidOption, path: "",
        "'\(name)' does not say what the evidence can do without; rank by .bayesianModelReduction")
    }
  }
}
