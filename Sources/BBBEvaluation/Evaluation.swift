import BBBDatasets
import BBBInference
import BBBTensors

extension CompactModel {
  /// Runs the model on every example of a dataset, by posterior means.
  ///
  /// - Parameters:
  ///   - dataset: Labelled examples.
  ///   - threadCount: How many threads share the examples; the result does not depend on it.
  /// - Returns: Errors, likelihood and calibration.
  /// - Throws: `DatasetError` if the examples have another size than the model's inputs, or a label is
  ///   no class of the model.
  public func evaluated(
    on dataset: Dataset, threadCount: Int = 1
  ) throws(DatasetError) -> ClassificationResult {
    try dataset.checkInputs(inputCount: inputCount)
    try dataset.checkLabels(classCount: outputCount)
    return ClassificationResult(
      logits: outputs(for: dataset, threadCount: threadCount), classCount: outputCount,
      labels: dataset.labels)
  }

  /// The raw outputs for every example: examples × classes.
  func outputs(for dataset: Dataset, threadCount: Int) -> [Float] {
    switch dataset.inputs {
    case .bytes(let bytes): outputs(for: bytes, threadCount: threadCount)
    case .floats(let floats): outputs(for: floats, threadCount: threadCount)
    }
  }

  private func outputs<Input: NetworkInput>(for inputs: [Input], threadCount: Int) -> [Float] {
    let exampleCount = inputs.count / inputCount
    let partCount = max(1, min(threadCount, exampleCount))
    let parts = parallelMap(count: partCount, threadCount: threadCount) { part in
      let examples = (exampleCount * part / partCount)..<(exampleCount * (part + 1) / partCount)
      let slice = examples.lowerBound * inputCount..<examples.upperBound * inputCount
      return predictOutputs(for: Array(inputs[slice]))
    }
    return Array(parts.joined())
  }
}
