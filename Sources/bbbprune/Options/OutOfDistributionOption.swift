import ArgumentParser
import BBBDatasets

/// Which examples of another kind a network should be unsure of.
struct OutOfDistributionOption: ParsableArguments {
  @Option(
    name: .customLong("ood"),
    help: ArgumentHelp(
      "Examples of another kind, which the network should be less certain of: 'synthetic-letters', 'noise', a dataset's name, or a file of inputs.",
      valueName: "name|file"))
  var name: String?

  private static let builtInNames = [
    UnlabelledExamples.syntheticLettersName, UnlabelledExamples.noiseName,
  ]

  /// The file named, if it is one.
  var file: String? {
    name.flatMap { name in
      DatasetName(rawValue: name) == nil && !Self.builtInNames.contains(name) ? name : nil
    }
  }

  /// Loads the examples.
  ///
  /// - Parameters:
  ///   - dataset: The examples that the network knows.
  ///   - folder: Where datasets are, if the user says so.
  ///   - isWanted: Whether to choose some if none are named: letters beside images of digits, else noise.
  /// - Returns: The examples; `nil` if none are named or wanted.
  func load(
    like dataset: Dataset, data folder: String?, isWanted: Bool = false
  ) throws -> UnlabelledExamples? {
    guard let name = name ?? (isWanted ? Self.choice(beside: dataset) : nil) else { return nil }
    switch name {
    case UnlabelledExamples.syntheticLettersName: return .syntheticLetters()
    case UnlabelledExamples.noiseName: return .noise(like: dataset)
    default:
      guard let other = DatasetName(rawValue: name) else {
        return try UnlabelledExamples(contentsOf: name)
      }
      guard other.rawValue != dataset.name else {
        throw ValidationError(
          "'--ood \(name)' names the examples that are measured: give another kind.")
      }
      return UnlabelledExamples(
        try Dataset(named: other, split: .test, locator: DatasetLocator(explicitFolder: folder)))
    }
  }

  private static func choice(beside dataset: Dataset) -> String {
    guard case .bytes = dataset.inputs, DatasetName(rawValue: dataset.name) != nil else {
      return UnlabelledExamples.noiseName
    }
    return UnlabelledExamples.syntheticLettersName
  }
}
