import BBBDatasets
import BBBTraining

/// What a run learns from, and what its result is measured on.
struct TrainingData {
  /// A dataset's name, or the last part of the file's path: it must tell nothing about the machine.
  let name: String
  /// The examples to learn from, those to set aside included.
  let examples: TrainingExamples
  /// The number of outputs that a network needs for them.
  let outputCount: Int
  /// The examples to measure the result on, if any; of the same form.
  let test: TrainingExamples?

  /// Takes labelled examples.
  ///
  /// - Parameters:
  ///   - name: What files and reports call them.
  ///   - dataset: What to learn from.
  ///   - test: What to measure the result on.
  /// - Throws: `DatasetError` if the two do not fit each other.
  init(name: String, _ dataset: Dataset, test: Dataset? = nil) throws(DatasetError) {
    self.name = name
    examples = TrainingExamples(dataset)
    outputCount = (dataset.labels.max() ?? 0) + 1
    try test?.checkInputs(inputCount: dataset.inputCount)
    try test?.checkLabels(classCount: outputCount)
    self.test = test.map { TrainingExamples($0) }
  }

  /// Takes examples with real-valued targets.
  ///
  /// - Parameters:
  ///   - name: What files and reports call them.
  ///   - dataset: What to learn from.
  ///   - test: What to measure the result on.
  /// - Throws: `DatasetError` if the two do not fit each other.
  init(
    name: String, _ dataset: RegressionDataset, test: RegressionDataset? = nil
  ) throws(DatasetError) {
    self.name = name
    examples = TrainingExamples(dataset)
    outputCount = dataset.targetCount
    if let test, (test.inputCount, test.targetCount) != (dataset.inputCount, dataset.targetCount) {
      throw DatasetError(
        .mismatched, path: test.name,
        "an example has \(test.inputCount) inputs and \(test.targetCount) targets, but in "
          + "\(dataset.name) \(dataset.inputCount) and \(dataset.targetCount); give examples of the "
          + "same form")
    }
    self.test = test.map { TrainingExamples($0) }
  }
}

extension TrainingExamples {
  fileprivate init(_ dataset: RegressionDataset) {
    self.init(
      inputs: dataset.inputs, inputCount: dataset.inputCount, targets: dataset.targets,
      targetCount: dataset.targetCount)
  }
}
