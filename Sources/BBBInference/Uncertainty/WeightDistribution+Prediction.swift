import BBBThreads
import Synchronization

extension WeightDistribution {
  /// Runs draws of the network, and averages their class probabilities.
  ///
  /// - Parameters:
  ///   - inputs: (examples, ``inputCount``), row-major; bytes are multiplied by the network's input scale.
  ///   - sampleCount: The number of draws; at least 1.
  ///   - seed: What determines the draws.
  ///   - threadCount: How many threads share the draws; the result does not depend on it.
  /// - Returns: The Monte Carlo prediction for each example.
  public func predictiveDistribution<Input: NetworkInput>(
    for inputs: [Input], sampleCount: Int, seed: UInt64, threadCount: Int = 1
  ) -> PredictiveDistribution {
    averagedDistributions(sampleCount: sampleCount, seed: seed, threadCount: threadCount) {
      [$0.predictOutputs(for: inputs)]
    }[0]
  }

  /// Averages the class probabilities of draws over several batches of examples.
  ///
  /// - Parameters:
  ///   - sampleCount: The number of draws; at least 1.
  ///   - seed: What determines the draws.
  ///   - threadCount: How many threads share the draws; the result does not depend on it.
  ///   - progress: Called after each draw, from any thread.
  ///   - outputs: The logits of a network for each batch, examples × classes.
  /// - Returns: The average for each batch.
  package func averagedDistributions(
    sampleCount: Int, seed: UInt64, threadCount: Int, progress: @Sendable () -> Void = {},
    outputs: @Sendable (CompactModel) -> [[Float]]
  ) -> [PredictiveDistribution] {
    precondition(sampleCount > 0, "a Monte Carlo prediction needs at least one draw")
    var averages: [MonteCarloAverage] = []
    // Draws are added by number, whichever thread made them; a thread has one at a time in memory.
    for first in stride(from: 0, to: sampleCount, by: threadCount) {
      let count = min(threadCount, sampleCount - first)
      let draws = Mutex([[PredictiveDistribution]](repeating: [], count: count))
      performConcurrently(iterations: count) { offset in
        let draw = outputs(draw(first + offset, seed: seed)).map {
          PredictiveDistribution(logits: $0, classCount: outputCount)
        }
        draws.withLock { $0[offset] = draw }
        progress()
      }
      for draw in draws.withLock(\.self) {
        if averages.isEmpty {
          averages = draw.map {
            MonteCarloAverage(exampleCount: $0.exampleCount, classCount: outputCount)
          }
        }
        for index in draw.indices { averages[index].add(draw[index]) }
      }
    }
    return averages.map(\.distribution)
  }
}
