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
  /// - Precondition: `inputs` holds whole examples; ``hasUncertainty``, unless the method is
  ///   ``PredictionMethod/posteriorMean``; the meaning has no `OutputMeaning.obstacle(outputCount:)`.
  public func outputDistribution<Input: NetworkInput>(
    for inputs: [Input], by method: PredictionMethod, as meaning: OutputMeaning? = nil,
    threadCount: Int = 1
  ) -> OutputDistribution {
    let meaning = meaning ?? output
    switch method {
    case .posteriorMean:
      return OutputDistribution(
        outputs: predictOutputs(for: inputs, threadCount: threadCount), outputCount: outputCount,
        meaning: meaning)
    case .monteCarlo(let sampleCount, let seed):
      require(hasUncertainty, "the model holds no standard deviations to draw from")
      return outputDistribution(
        for: inputs, sampleCount: sampleCount, seed: seed, as: meaning, threadCount: threadCount)
    case .momentPropagation:
      require(hasUncertainty, "the model holds no standard deviations to propagate")
      return predictOutputMoments(for: inputs, threadCount: threadCount).distribution(as: meaning)
    }
  }

  /// The class probabilities of a batch, and how sure a classifier is of each.
  ///
  /// - Parameters:
  ///   - inputs: (examples, ``inputCount``), row-major; bytes become inputs by ``inputScaling``.
  ///   - method: How the uncertainty of the weights is taken into account.
  ///   - threadCount: How many threads share the work; the result does not depend on it.
  /// - Returns: The predictive distribution of each example; of a single logit two classes.
  /// - Precondition: As for ``outputDistribution(for:by:as:threadCount:)``, and ``output`` is classes or binary.
  public func predictiveDistribution<Input: NetworkInput>(
    for inputs: [Input], by method: PredictionMethod, threadCount: Int = 1
  ) -> PredictiveDistribution {
    guard
      let classes = outputDistribution(for: inputs, by: method, threadCount: threadCount).classes
    else { preconditionFailure("the model predicts numbers: ask for its outputDistribution") }
    return classes
  }
}
