import BBBNetwork
import CBBBLibc

extension OutputMoments {
  /// What a network whose outputs have these moments predicts.
  ///
  /// Classes are those of ``classDistribution``; a single logit z is that of class 1 beside a certain 0 for class 0.
  /// A logarithm of a variance with the moments l and v makes the noise exp(l + v/2), the mean of its exponential.
  ///
  /// - Parameter meaning: What the outputs are.
  /// - Returns: The predictive distribution of each example.
  /// - Throws: `CompactModelError.Code.mismatched` if the outputs cannot have the meaning
  ///   (`OutputMeaning.obstacle(outputCount:)`).
  public func distribution(
    as meaning: OutputMeaning
  ) throws(CompactModelError) -> OutputDistribution {
    try CompactModel.check(meaning, outputCount: outputCount)
    switch meaning {
    case .classes: return .classes(classDistribution)
    case .binary:
      let logits = OutputMoments(
        outputCount: 2, means: means.flatMap { [0, $0] }, variances: variances.flatMap { [0, $0] })
      return .classes(logits.classDistribution)
    case .numbers(let noise):
      return .numbers(
        NumericDistribution(
          targetCount: outputCount, means: means.map(Double.init),
          weightDeviations: variances.map { Double($0).squareRoot() },
          noiseDeviations: noise.map { Array(repeating: $0, count: means.count) }))
    case .meanAndLogVariance:
      let (targets, logs) = NumericDistribution.halves(means, width: outputCount)
      let (spreads, logSpreads) = NumericDistribution.halves(variances, width: outputCount)
      return .numbers(
        NumericDistribution(
          targetCount: outputCount / 2, means: targets.map(Double.init),
          weightDeviations: spreads.map { Double($0).squareRoot() },
          noiseDeviations: zip(logs, logSpreads).map { exp((Double($0) + Double($1) / 2) / 2) }))
    }
  }
}
