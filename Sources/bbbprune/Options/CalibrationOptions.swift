import ArgumentParser
import BBBDatasets
import BBBPruning

/// Inputs on which quantisation is to keep the outputs.
struct CalibrationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Inputs of the kind that the network is for, without labels, as IDX, NPY or NPZ: weights are rounded so \
      that the outputs on them stay what they are. '--dataset' does the same with a dataset's training \
      examples. Without either, synthetic inputs stand in.
      """, valueName: "file"))
  var calibrate: String?

  /// The most examples that are compared.
  private static let largestCount = 2000

  /// Inputs, and what a report says of them.
  struct Calibration {
    let inputs: ComparisonInputs
    /// Such as `2,000 examples of mnist`.
    let name: String
    let count: Int
  }

  /// The examples of the file or, where none is given, of the dataset.
  ///
  /// - Parameters:
  ///   - dataset: Whose training examples are taken.
  ///   - inputCount: The number of inputs that the network takes.
  /// - Returns: At most 2,000 of them; `nil` if there is neither file nor dataset.
  /// - Throws: `DatasetError` if they cannot be read or have another size.
  func load(or dataset: DatasetOptions, inputCount: Int) throws -> Calibration? {
    let examples: UnlabelledExamples
    if let calibrate {
      examples = try UnlabelledExamples(contentsOf: calibrate)
    } else if let name = dataset.dataset {
      examples = UnlabelledExamples(
        try Dataset(
          named: name, split: .train, locator: DatasetLocator(explicitFolder: dataset.data)))
    } else {
      return nil
    }
    try examples.checkInputs(inputCount: inputCount)
    let count = min(examples.count, Self.largestCount)
    // Evenly over the file, whose order may be that of the classes.
    let rows = (0..<count).map { row in
      let first = row * examples.count / count * inputCount
      return first..<first + inputCount
    }
    let inputs =
      switch examples.inputs {
      case .bytes(let bytes): ComparisonInputs(bytes: rows.flatMap { bytes[$0] })
      case .floats(let floats): ComparisonInputs(floats: rows.flatMap { floats[$0] })
      }
    return Calibration(inputs: inputs, name: examples.name, count: count)
  }
}
