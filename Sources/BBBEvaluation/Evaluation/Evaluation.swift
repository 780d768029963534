import BBBDatasets
import BBBInference

/// What a network predicts for examples whose answers are known, how right it is, and whether it is less certain of
/// examples of another kind.
public struct Evaluation: Equatable, Sendable {
  /// What is predicted for each of these examples.
  public let distribution: OutputDistribution
  /// How well that fits the answers.
  public let result: EvaluationResult
  /// How well examples of another kind are told from these; `nil` if none were given.
  public let outOfDistribution: OutOfDistributionScore?

  init(
    _ distributions: [OutputDistribution], _ dataset: Dataset, _ others: UnlabelledExamples?
  ) throws(DatasetError) {
    distribution = distributions[0]
    result = try EvaluationResult(distribution, targets: dataset.targets)
    outOfDistribution = others.map {
      OutOfDistributionScore(
        name: $0.name, inDistribution: distributions[0], outOfDistribution: distributions[1])
    }
  }
}

extension CompactModel {
  /// Runs the model on every example of a dataset.
  ///
  /// - Parameters:
  ///   - dataset: Examples whose answers are known.
  ///   - others: Examples of another kind, of which the network should be less certain, if any.
  ///   - method: How the uncertainty of the weights is taken into account.
  ///   - threadCount: How many threads share the work; the result does not depend on it.
  ///   - progress: Called after each draw of the weights, from any thread.
  /// - Returns: Predictions, and how good they are.
  /// - Throws: `DatasetError` if the examples have another size than the model's inputs, or a target cannot
  ///   be met by its outputs; `CompactModelError` unless ``CompactModel/hasUncertainty`` or the method is the
  ///   posterior mean, or if Monte Carlo is to make no draws.
  public func evaluation(
    on dataset: Dataset, against others: UnlabelledExamples? = nil, by method: PredictionMethod,
    threadCount: Int = 1, progress: @Sendable () -> Void = {}
  ) throws -> Evaluation {
    if case .monteCarlo(let sampleCount, let seed) = method {
      try checkUncertainty()
      return try evaluation(
        on: dataset, against: others, sampleCount: sampleCount, seed: seed,
        threadCount: threadCount, progress: progress)
    }
    try check(dataset, others)
    let distributions = try ([dataset.inputs] + (others.map { [$0.inputs] } ?? [])).map { inputs in
      switch inputs {
      case .bytes(let bytes):
        try outputDistribution(for: bytes, by: method, threadCount: threadCount)
      case .floats(let floats):
        try outputDistribution(for: floats, by: method, threadCount: threadCount)
      }
    }
    return try Evaluation(distributions, dataset, others)
  }

  /// Runs the model on every example of a dataset, by posterior means.
  ///
  /// - Parameters:
  ///   - dataset: Examples whose answers are known.
  ///   - threadCount: How many threads share the examples; the result does not depend on it.
  /// - Returns: How good the predictions are.
  /// - Throws: `DatasetError` if the examples have another size than the model's inputs, or a target cannot be met
  ///   by its outputs.
  public func evaluated(
    on dataset: Dataset, threadCount: Int = 1
  ) throws(DatasetError) -> EvaluationResult {
    try check(dataset, nil)
    let distribution = OutputDistribution(
      wholeOutputs: outputs(for: dataset.inputs, threadCount: threadCount),
      outputCount: outputCount, meaning: output)
    return try EvaluationResult(distribution, targets: dataset.targets)
  }

  /// The raw outputs for every example of a dataset that has been checked: examples × outputs.
  fileprivate func outputs(for inputs: Dataset.Inputs, threadCount: Int = 1) -> [Float] {
    switch inputs {
    case .bytes(let bytes): outputs(ofWhole: bytes, threadCount: threadCount)
    case .floats(let floats): outputs(ofWhole: floats, threadCount: threadCount)
    }
  }
}

extension WeightDistribution {
  /// Runs draws of the network on every example of a dataset, and puts together what they predict.
  ///
  /// - Parameters:
  ///   - dataset: Examples whose answers are known.
  ///   - others: Examples of another kind, of which the network should be less certain, if any.
  ///   - sampleCount: The number of draws; at least 1.
  ///   - seed: What determines the draws.
  ///   - threadCount: How many threads share the draws; the result does not depend on it.
  ///   - progress: Called after each draw, from any thread.
  /// - Returns: The Monte Carlo predictions, and how good they are.
  /// - Throws: `DatasetError` if the examples have another size than the network's inputs, or a target
  ///   cannot be met by its outputs; `CompactModelError` if there are to be no draws.
  public func evaluation(
    on dataset: Dataset, against others: UnlabelledExamples? = nil, sampleCount: Int,
    seed: UInt64, threadCount: Int = 1, progress: @Sendable () -> Void = {}
  ) throws -> Evaluation {
    try check(dataset, others)
    let distributions = try averagedDistributions(
      sampleCount: sampleCount, seed: seed, threadCount: threadCount, progress: progress
    ) { network in
      [network.outputs(for: dataset.inputs)]
        + (others.map { [network.outputs(for: $0.inputs)] } ?? [])
    }
    return try Evaluation(distributions, dataset, others)
  }

  fileprivate func check(
    _ dataset: Dataset, _ others: UnlabelledExamples?
  ) throws(DatasetError) {
    try dataset.checkInputs(inputCount: inputCount)
    try dataset.checkTargets(for: output, outputCount: outputCount)
    try others?.checkInputs(inputCount: inputCount)
  }
}
