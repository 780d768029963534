import ArgumentParser
import BBBDatasets
import BBBNetwork
import BBBPruning

/// Inputs on which quantisation is to keep the outputs.
struct CalibrationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Inputs of the kind that the network is for, as IDX, NPY, NPZ, CSV or a folder of pictures: weights are rounded so that the \
      outputs on them stay what they are. '--label-column' names columns of a CSV file that are none, '--pixels' \
      applies too. '--dataset' does the same with a dataset's training examples. Without either, synthetic \
      inputs stand in.
      """, valueName: "file|folder"))
  var calibrate: String?

  /// The most examples that are compared.
  private static let largestCount = 2000

  /// Inputs, and what a report says of them.
  struct Calibration {
    let inputs: ComparisonInputs
    /// The same, as they are run.
    let examples: Dataset.Inputs
    /// Such as `2,000 examples of mnist`.
    let name: String
    let count: Int
  }

  /// The examples of the file or, where none is given, of the dataset.
  ///
  /// - Parameters:
  ///   - dataset: Whose training examples are taken, and how inputs of one's own are read.
  ///   - network: The network that takes them.
  ///   - threadCount: How many threads may decode pictures at the same time.
  /// - Returns: At most 2,000 of them; `nil` if there is neither file nor dataset.
  /// - Throws: `DatasetError` if they cannot be read or have another size.
  func load(
    or dataset: DatasetOptions, of network: Network, threadCount: Int
  ) throws -> Calibration? {
    let inputCount = network.inputCount
    let form = dataset.layout.form(of: network)
    let examples: UnlabelledExamples
    var all: Dataset.Inputs
    if let calibrate, ImageSizeOptions.isFolder(calibrate) {
      examples = try UnlabelledExamples(
        imagesInFolder: calibrate, sizing: dataset.size.sizing, for: form,
        largestCount: Self.largestCount, threadCount: threadCount)
      all = examples.inputs
    } else if let calibrate {
      examples = try UnlabelledExamples(contentsOf: calibrate, leavingOut: dataset.columns.names)
        .arranged(for: form)
      try examples.checkInputs(inputCount: inputCount)
      all = try dataset.pixels.applied(to: examples.inputs, of: calibrate)
    } else if let name = dataset.dataset {
      examples = try UnlabelledExamples(
        Dataset(named: name, split: .train, locator: DatasetLocator(explicitFolder: dataset.data))
      ).arranged(for: InputForm(of: network))
      try examples.checkInputs(inputCount: inputCount)
      all = examples.inputs
    } else {
      return nil
    }
    let count = min(examples.count, Self.largestCount)
    // Evenly over the file, whose order may be that of the classes.
    let rows = (0..<count).map { row in
      let first = row * examples.count / count * inputCount
      return first..<first + inputCount
    }
    let inputs: ComparisonInputs
    switch all {
    case .bytes(let bytes):
      let bytes = rows.flatMap { bytes[$0] }
      (inputs, all) = (ComparisonInputs(bytes: bytes), .bytes(bytes))
    case .floats(let floats):
      let floats = rows.flatMap { floats[$0] }
      (inputs, all) = (ComparisonInputs(floats: floats), .floats(floats))
    }
    return Calibration(inputs: inputs, examples: all, name: examples.name, count: count)
  }
}
