extension CompactModel {
  /// The class probabilities of a batch, and how sure the network is of each.
  ///
  /// - Parameters:
  ///   - inputs: (examples, ``inputCount``), row-major; bytes become inputs by ``inputScaling``.
  ///   - method: How the uncertainty of the weights is taken into account.
  ///   - threadCount: How many threads share the work; the result does not depend on it.
  /// - Returns: The predictive distribution of each example.
  /// - Precondition: `inputs` holds whole examples; ``hasUncertainty``, unless the method is
  ///   ``PredictionMethod/posteriorMean``.
  public func predictiveDistribution<Input: NetworkInput>(
    for inputs: [Input], by method: PredictionMethod, threadCount: Int = 1
  ) -> PredictiveDistribution {
    switch method {
    case .posteriorMean:
      return PredictiveDistribution(
        logits: predictOutputs(for: inputs, threadCount: threadCount), classCount: outputCount)
    case .monteCarlo(let sampleCount, let seed):
      require(hasUncertainty, "the model holds no standard deviations to draw from")
      return predictiveDistribution(
        for: inputs, sampleCount: sampleCount, seed: seed, threadCount: threadCount)
    case .momentPropagation:
      require(hasUncertainty, "the model holds no standard deviations to propagate")
      return predictOutputMoments(for: inputs, threadCount: threadCount).classDistribution
    }
  }
}
