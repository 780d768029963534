import BBBKernels
import BBBNetwork

extension WeightDistribution {
  /// Runs draws of the network, and puts together what they predict.
  ///
  /// - Parameters:
  ///   - inputs: (examples, ``inputCount``), row-major; bytes become inputs by the network's scaling.
  ///   - sampleCount: The number of draws; at least 1.
  ///   - seed: What determines the draws.
  ///   - meaning: What the outputs are taken for; ``output`` by default.
  ///   - threadCount: How many threads share the draws; the result does not depend on it.
  /// - Returns: The Monte Carlo prediction for each example.
  /// - Throws: `CompactModelError`: `mismatched` if `inputs` are not whole examples or the outputs cannot have the
  ///   meaning, `invalidOption` if there are to be no draws.
  public func outputDistribution<Input: NetworkInput>(
    for inputs: [Input], sampleCount: Int, seed: UInt64, as meaning: OutputMeaning? = nil,
    threadCount: Int = 1
  ) throws(CompactModelError) -> OutputDistribution {
    _ = try CompactModel.exampleCount(ofInputs: inputs.count, inputCount: inputCount)
    return try averagedDistributions(
      sampleCount: sampleCount, seed: seed, as: meaning, threadCount: threadCount
    ) {
      [$0.outputs(ofWhole: inputs)]
    }[0]
  }

  /// Runs draws of a classifier, and averages their class probabilities.
  ///
  /// - Parameters:
  ///   - inputs: (examples, ``inputCount``), row-major; bytes become inputs by the network's scaling.
  ///   - sampleCount: The number of draws; at least 1.
  ///   - seed: What determines the draws.
  ///   - threadCount: How many threads share the draws; the result does not depend on it.
  /// - Returns: The Monte Carlo prediction for each example.
  /// - Throws: What ``outputDistribution(for:sampleCount:seed:as:threadCount:)`` throws, and
  ///   `CompactModelError.Code.mismatched` if ``output`` is numbers.
  public func predictiveDistribution<Input: NetworkInput>(
    for inputs: [Input], sampleCount: Int, seed: UInt64, threadCount: Int = 1
  ) throws(CompactModelError) -> PredictiveDistribution {
    try outputDistribution(
      for: inputs, sampleCount: sampleCount, seed: seed, threadCount: threadCount
    ).requiredClasses()
  }

  /// Puts together what draws predict for several batches of examples.
  ///
  /// - Parameters:
  ///   - sampleCount: The number of draws; at least 1.
  ///   - seed: What determines the draws.
  ///   - meaning: What the outputs are taken for; ``output`` by default.
  ///   - threadCount: How many threads share the draws; the result does not depend on it.
  ///   - progress: Called after each draw, from any thread.
  ///   - outputs: The outputs of a network for each batch, examples × outputs.
  /// - Returns: The prediction for each batch.
  /// - Throws: `CompactModelError`: `mismatched` if the outputs cannot have the meaning, `invalidOption` if there are
  ///   to be no draws.
  package func averagedDistributions(
    sampleCount: Int, seed: UInt64, as meaning: OutputMeaning? = nil, threadCount: Int,
    progress: @Sendable () -> Void = {}, outputs: @Sendable (CompactModel) -> [[Float]]
  ) throws(CompactModelError) -> [OutputDistribution] {
    guard sampleCount > 0 else {
      throw CompactModelError(
        .invalidOption, "\(sampleCount) draws make no Monte Carlo prediction; give at least 1")
    }
    let meaning = meaning ?? output
    try CompactModel.check(meaning, outputCount: outputCount)
    var averages: [OutputDistributionAverage] = []
    // Draws are added by number, whichever thread made them; a thread has one at a time in memory.
    let stepCount = max(1, threadCount)
    for first in stride(from: 0, to: sampleCount, by: stepCount) {
      let count = min(stepCount, sampleCount - first)
      let draws = parallelMap(count: count, threadCount: threadCount) { offset in
        let draw = outputs(draw(first + offset, seed: seed)).map {
          OutputDistribution(wholeOutputs: $0, outputCount: outputCount, meaning: meaning)
        }
        progress()
        return draw
      }
      for draw in draws {
        if averages.isEmpty {
          averages = draw.map(OutputDistributionAverage.init)
        } else {
          for index in draw.indices { averages[index].add(draw[index]) }
        }
      }
    }
    return averages.map(\.distribution)
  }
}
