import BBBNetwork

extension CompactModel {
  /// What the network says of a batch, classes or numbers, and how sure it is.
  ///
  /// - Parameters:
  ///   - inputs: (examples, ``inputCount``), row-major; bytes become inputs by ``inputScaling``.
  ///   - method: How the uncertainty of the weights is taken into account.
  ///   - meaning: What the outputs are taken for; ``output`` by default. `.numbers(noiseDeviation: nil)` gives raw
  ///     outputs, their means and their deviations.
  ///   - threadCount: How many threads share the work; the result does not depend on it.
  /// - Returns: The predictive distribution of each example.
  /// - Throws: `CompactModelError`: `mismatched` if `inputs` are not whole examples or the outputs cannot have the
  ///   meaning (`OutputMeaning.obstacle(outputCount:)`), `withoutUncertainty` unless ``hasUncertainty`` or the method
  ///   is ``PredictionMethod/posteriorMean``, `withoutMoments` if moments are to pass a network that has a
  ///   `momentObstacle`, `invalidOption` if Monte Carlo is to make no draws.
  public func outputDistribution<Input: NetworkInput>(
    for inputs: [Input], by method: PredictionMethod, as meaning: OutputMeaning? = nil,
    threadCount: Int = 1
  ) throws(CompactModelError) -> OutputDistribution {
    let meaning = meaning ?? output
    switch method {
    case .posteriorMean:
      return try OutputDistribution(
        outputs: predictOutputs(for: inputs, threadCount: threadCount), outputCount: outputCount,
        meaning: meaning)
    case .monteCarlo(let sampleCount, let seed):
      try checkUncertainty()
      return try outputDistribution(
        for: inputs, sampleCount: sampleCount, seed: seed, as: meaning, threadCount: threadCount)
    case .momentPropagation:
      return try predictOutputMoments(for: inputs, threadCount: threadCount)
        .distribution(as: meaning)
    }
  }

  /// The class probabilities of a batch, and how sure a classifier is of each.
  ///
  /// - Parameters:
  ///   - inputs: (examples, ``inputCount``), row-major; bytes become inputs by ``inputScaling``.
  ///   - method: How the uncertainty of the weights is taken into account.
  ///   - threadCount: How many threads share the work; the result does not depend on it.
  /// - Returns: The predictive distribution of each example; of a single logit two classes.
  /// - Throws: What ``outputDistribution(for:by:as:threadCount:)`` throws, and `CompactModelError.Code.mismatched`
  ///   if ``output`` is numbers.
  public func predictiveDistribution<Input: NetworkInput>(
    for inputs: [Input], by method: PredictionMethod, threadCount: Int = 1
  ) throws(CompactModelError) -> PredictiveDistribution {
    try outputDistribution(for: inputs, by: method, threadCount: threadCount).requiredClasses()
  }
}
