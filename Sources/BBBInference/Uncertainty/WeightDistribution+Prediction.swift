import BBBNetwork
import BBBThreads
import Synchronization

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
  public func outputDistribution<Input: NetworkInput>(
    for inputs: [Input], sampleCount: Int, seed: UInt64, as meaning: OutputMeaning? = nil,
    threadCount: Int = 1
  ) -> OutputDistribution {
    averagedDistributions(
      sampleCount: sampleCount, seed: seed, as: meaning, threadCount: threadCount
    ) {
      [$0.predictOutputs(for: inputs)]
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
  /// - Precondition: ``output`` is classes or binary.
  public func predictiveDistribution<Input: NetworkInput>(
    for inputs: [Input], sampleCount: Int, seed: UInt64, threadCount: Int = 1
  ) -> PredictiveDistribution {
    guard
      let classes = outputDistribution(
        for: inputs, sampleCount: sampleCount, seed: seed, threadCount: threadCount
      ).classes
    else { preconditionFailure("the network predicts numbers: ask for its outputDistribution") }
    return classes
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
  package func averagedDistributions(
    sampleCount: Int, seed: UInt64, as meaning: OutputMeaning? = nil, threadCount: Int,
    progress: @Sendable () -> Void = {}, outputs: @Sendable (CompactModel) -> [[Float]]
  ) -> [OutputDistribution] {
    require(sampleCount > 0, "a Monte Carlo prediction needs at least one draw")
    let meaning = meaning ?? output
    var averages: [OutputDistributionAverage] = []
    // Draws are added by number, whichever thread made them; a thread has one at a time in memory.
    for first in stride(from: 0, to: sampleCount, by: threadCount) {
      let count = min(threadCount, sampleCount - first)
      let draws = Mutex([[OutputDistribution]](repeating: [], count: count))
      performConcurrently(iterations: count) { offset in
        let draw = outputs(draw(first + offset, seed: seed)).map {
          OutputDistribution(outputs: $0, outputCount: outputCount, meaning: meaning)
        }
        draws.withLock { $0[offset] = draw }
        progress()
      }
      for draw in draws.withLock(\.self) {
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
