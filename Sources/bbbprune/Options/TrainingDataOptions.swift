import ArgumentParser
import BBBDatasets
import BBBTraining

/// Which labelled examples to learn from.
struct TrainingDataOptions: ParsableArguments {
  @Option(help: "A dataset by name; its training examples are used.")
  var dataset: DatasetName?

  @Option(
    help: ArgumentHelp(
      "Where datasets are: a folder that holds a dataset's files, or folders named after datasets. "
        + "Default: $BBBPRUNE_DATA, then the cache folder.",
      valueName: "folder"))
  var data: String?

  @Option(help: ArgumentHelp("Your own inputs, as IDX or NPY.", valueName: "file"))
  var images: String?

  @Option(help: ArgumentHelp("The class of each of them, as IDX or NPY.", valueName: "file"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "Examples to set aside to measure the error on, 0 for none; the choice does not depend on the "
        + "seed. Default: a sixth, 10,000 of MNIST's 60,000.",
      valueName: "count"))
  var validation: Int?

  /// The options given that decide what is computed.
  var given: [String] {
    [("--dataset", dataset != nil), ("--validation", validation != nil)].filter(\.1).map(\.0)
  }

  func check(isResuming: Bool) throws {
    guard (images == nil) == (labels == nil) else {
      throw ValidationError("Give '--images FILE' and '--labels FILE' together.")
    }
    if images != nil, data != nil {
      throw ValidationError("'--data' is for named datasets: leave it out beside '--images'.")
    }
    if !isResuming, (dataset != nil) == (images != nil) {
      throw ValidationError(
        "Give either '--dataset mnist', or '--images FILE' and '--labels FILE' together.")
    }
  }

  /// Loads the examples.
  ///
  /// - Parameter saved: The run to go on with, if any, which knows its dataset.
  /// - Returns: The examples to learn from and to validate on.
  /// - Throws: `DatasetError`, or `ValidationError` if the run learns from files that are not given.
  func load(for saved: SavedRun?) throws -> Dataset {
    if let images, let labels {
      // Files that carry the name must tell nothing about the machine.
      return try Dataset(
        imagesPath: images, labelsPath: labels,
        name: images.split(separator: "/").last.map(String.init))
    }
    guard let name = saved.map({ DatasetName(rawValue: $0.description.dataset) }) ?? dataset else {
      throw ValidationError(
        "The run learns from '\(saved?.description.dataset ?? "")': give its files again, "
          + "'--images FILE' and '--labels FILE'.")
    }
    let locator = DatasetLocator(explicitFolder: data)
    return try Dataset(named: name, split: .train, locator: locator)
  }

  /// The options that give 'sweep' examples that a network trained on these has not seen.
  func sweepOptions(dataset: String) -> [String] {
    guard images == nil else { return ["--images", "FILE", "--labels", "FILE"] }
    return ["--dataset", dataset] + (data.map { ["--data", $0] } ?? [])
  }

  /// The number of examples to set aside.
  func validationCount(of dataset: Dataset) throws -> Int {
    let count = validation ?? dataset.count / 6
    guard count >= 0, count < dataset.count else {
      throw ValidationError(
        "'--validation \(count)' leaves nothing to train on: \(dataset.name) has \(dataset.count) "
          + "examples; give fewer, or 0.")
    }
    return count
  }
}
