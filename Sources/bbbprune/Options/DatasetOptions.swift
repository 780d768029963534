import ArgumentParser
import BBBDatasets
import BBBNetwork

/// Which labelled examples to use.
struct DatasetOptions: ParsableArguments {
  @Option(help: "A dataset by name; 'synthetic-digits' and 'noisy-curve' are built in.")
  var dataset: DatasetName?

  @Option(
    help: ArgumentHelp(
      "Where datasets are: a folder that holds a dataset's files, or folders named after datasets. "
        + "Default: $BBBPRUNE_DATA, then the cache folder.",
      valueName: "folder"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Your own inputs, as IDX, NPY or CSV; or inputs and labels together, as NPZ or CSV.",
      valueName: "file"))
  var images: String?

  @Option(
    help: ArgumentHelp(
      "The class of each of them, or the numbers to predict, as IDX, NPY or CSV.",
      valueName: "file"))
  var labels: String?

  @OptionGroup var columns: LabelColumnOption
  @OptionGroup var pixels: PixelOption

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

  /// Checks that what is said of inputs of one's own is said of a file.
  ///
  /// - Parameter calibrate: Another file of such inputs, of a command that takes one; `nil` if none is given.
  /// - Throws: `ValidationError` if there is no file.
  func checkInputOptions(calibrate: String? = nil) throws {
    guard images == nil, calibrate == nil else { return }
    if !columns.names.isEmpty {
      throw ValidationError("'--label-column' names columns of a CSV file: give '--images FILE'.")
    }
    if pixels.isGiven {
      throw ValidationError("'--pixels' is for inputs of your own: give '--images FILE'.")
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
      let dataset =
        if let labels {
          try Dataset(
            imagesPath: images, labelsPath: labels, targets: kind, labelColumns: columns.names)
        } else {
          try Dataset(
            examplesPath: images, split: .test, targets: kind, labelColumns: columns.names)
        }
      return try pixels.applied(to: dataset)
    }
    guard let dataset else { throw ValidationError(Self.choice) }
    return try Dataset(
      named: dataset, split: .test, locator: DatasetLocator(explicitFolder: data))
  }
}

extension DatasetName: ExpressibleByArgument {}
