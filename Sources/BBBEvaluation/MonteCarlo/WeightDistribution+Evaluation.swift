import BBBDatasets
import BBBInference
import BBBTensors

extension WeightDistribution {
  /// Runs draws of the network on every example of a dataset, and averages their class probabilities.
  ///
  /// - Parameters:
  ///   - dataset: Labelled examples.
  ///   - sampleCount: The number of draws; at least 1.
  ///   - seed: What determines the draws.
  ///   - threadCount: How many threads share the draws; the result does not depend on it.
  ///   - progress: Called after each draw, from any thread.
  /// - Returns: Errors, likelihood and calibration of the Monte Carlo prediction.
  /// - Throws: `DatasetError` if the examples have another size than the network's inputs, or a label
  ///   is no class of the network.
  public func evaluated(
    on dataset: Dataset, sampleCount: Int, seed: UInt64, threadCount: Int = 1,
    progress: @Sendable () -> Void = {}
  ) throws(DatasetError) -> ClassificationResult {
    precondition(sampleCount > 0, "a Monte Carlo prediction needs at least one draw")
    try dataset.checkInputs(inputCount: inputCount)
    try dataset.checkLabels(classCount: outputCount)
    var distribution = PredictiveDistribution(
      exampleCount: dataset.labels.count, classCount: outputCount)
    // Draws are added by number, whichever thread made them; in rounds, so that few wait in memory.
    let roundCount = 2 * threadCount
    for first in stride(from: 0, to: sampleCount, by: roundCount) {
      let count = min(roundCount, sampleCount - first)
      let draws = parallelMap(count: count, threadCount: threadCount) { offset in
        let logits = draw(first + offset, seed: seed).outputs(for: dataset, threadCount: 1)
        progress()
        return PredictiveDistribution.logProbabilities(ofLogits: logits, classCount: outputCount)
      }
      for draw in draws { distribution.add(draw) }
    }
    return distribution.result(labels: dataset.labels)
  }
}
