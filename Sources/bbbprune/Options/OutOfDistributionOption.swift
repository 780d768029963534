import ArgumentParser
import BBBDatasets
import BBBNetwork

/// Which examples of another kind a network should be unsure of.
struct OutOfDistributionOption: ParsableArguments {
  @Option(
    name: .customLong("ood"),
    help: ArgumentHelp(
      "Examples of another kind, which the network should be less certain of: 'synthetic-letters', 'noise', a dataset's name, a file of inputs, or a folder of pictures.",
      valueName: "name|file|folder"))
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
  ///   - network: The network, whose inputs' order they are brought into; as they are without one.
  ///   - options: Where files have their channels, what becomes of pictures, and where datasets are.
  ///   - isWanted: Whether to choose some if none are named: letters beside a named dataset of their size, else noise.
  ///   - threadCount: How many threads may decode pictures at the same time.
  /// - Returns: The examples; `nil` if none are named or wanted.
  /// - Throws: `DatasetError` if they cannot be read, `ValidationError` if they are those measured.
  func load(
    like dataset: Dataset, for network: Network?, _ options: DatasetOptions,
    isWanted: Bool = false, threadCount: Int
  ) throws -> UnlabelledExamples? {
    guard let name = name ?? (isWanted ? Self.choice(beside: dataset) : nil) else { return nil }
    if let network, name == file, ImageSizeOptions.isFolder(name) {
      return try UnlabelledExamples(
        imagesInFolder: name, sizing: options.size.sizing, for: InputForm(of: network),
        threadCount: threadCount)
    }
    let examples = try examples(named: name, like: dataset, data: options.data)
    // What is made here is made in order; of what lies in files the user speaks, of named datasets nobody need.
    guard let network, !Self.builtInNames.contains(name) else { return examples }
    return try examples.arranged(
      for: name == file ? options.layout.form(of: network) : InputForm(of: network))
  }

  private func examples(
    named name: String, like dataset: Dataset, data folder: String?
  ) throws -> UnlabelledExamples {
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
    guard case .bytes = dataset.inputs, DatasetName(rawValue: dataset.name) != nil,
      dataset.inputCount == UnlabelledExamples.syntheticLetters(count: 1).inputCount
    else {
      return UnlabelledExamples.noiseName
    }
    return UnlabelledExamples.syntheticLettersName
  }
}
