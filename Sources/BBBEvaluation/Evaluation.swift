import BBBDatasets
import BBBInference

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
    case .bytes(let bytes): predictOutputs(for: bytes, threadCount: threadCount)
    case .floats(let floats): predictOutputs(for: floats, threadCount: threadCount)
    }
  }
}
