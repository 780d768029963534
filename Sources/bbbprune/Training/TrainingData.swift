import BBBDatasets
import BBBNetwork
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

  /// Takes examples with their classes or numbers.
  ///
  /// - Parameters:
  ///   - name: What files and reports call them.
  ///   - dataset: What to learn from.
  ///   - test: What to measure the result on; of the same kind.
  /// - Throws: `DatasetError` if the two do not fit each other.
  init(name: String, _ dataset: Dataset, test: Dataset? = nil) throws(DatasetError) {
    let output: OutputMeaning
    switch dataset.targets {
    case .classes(let labels):
      outputCount = (labels.max() ?? 0) + 1
      output = .classes
    case .numbers(_, let width):
      outputCount = width
      output = .numbers(noiseDeviation: nil)
    }
    self.name = name
    examples = TrainingExamples(dataset)
    try test?.checkInputs(inputCount: dataset.inputCount)
    try test?.checkTargets(for: output, outputCount: outputCount)
    self.test = test.map { TrainingExamples($0) }
  }
}
