import ArgumentParser
import BBBDatasets
import BBBNetwork

/// Which labelled examples to use.
struct DatasetOptions: ParsableArguments {
  @Option(help: "A dataset by name; 'synthetic-digits' is built in.")
  var dataset: DatasetName?

  @Option(
    help: ArgumentHelp(
      "Where datasets are: a folder that holds a dataset's files, or folders named after datasets. "
        + "Default: $BBBPRUNE_DATA, then the cache folder.",
      valueName: "folder"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Your own inputs, as IDX or NPY; or inputs and labels together, as NPZ.", valueName: "file"))
  var images: String?

  @Option(
    help: ArgumentHelp(
      "The class of each of them, as IDX or NPY; or the numbers to predict, as NPY.",
      valueName: "file"))
  var labels: String?

  func validate() throws {
    if images != nil, data != nil {
      throw ValidationError("'--data' is for named datasets: leave it out beside '--images'.")
    }
    if let dataset, dataset.isBuiltIn, data != nil {
      throw ValidationError(
        "'\(dataset.rawValue)' needs no files: leave out '--data' beside it.")
    }
    guard dataset == nil || images == nil, images != nil || labels == nil else {
      throw ValidationError(Self.choice)
    }
  }

  private static let choice =
    "Give either '--dataset mnist', or '--images FILE' and '--labels FILE' (a file that holds both "
    + "needs no '--labels')."

  /// Loads the examples (where there are splits, the test split).
  ///
  /// - Parameter output: What the outputs of the network are that they are for: classes or numbers.
  /// - Returns: The examples, with targets of that kind if they are in files.
  /// - Throws: `DatasetError`, or `ValidationError` if none are named.
  func load(for output: OutputMeaning) throws -> Dataset {
    let kind = Dataset.TargetKind(for: output)
    if let images {
      guard let labels else {
        return try Dataset(examplesPath: images, split: .test, targets: kind)
      }
      return try Dataset(imagesPath: images, labelsPath: labels, targets: kind)
    }
    guard let dataset else { throw ValidationError(Self.choice) }
    return try Dataset(
      named: dataset, split: .test, locator: DatasetLocator(explicitFolder: data))
  }
}

extension DatasetName: ExpressibleByArgument {}
