import ArgumentParser
import BBBDatasets

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
      "Your own inputs, as IDX, NPY or CSV; or inputs and labels together, as NPZ or CSV.",
      valueName: "file"))
  var images: String?

  @Option(help: ArgumentHelp("The class of each of them, as IDX, NPY or CSV.", valueName: "file"))
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
    if images == nil {
      if !columns.names.isEmpty {
        throw ValidationError("'--label-column' names columns of a CSV file: give '--images FILE'.")
      }
      if pixels.isGiven {
        throw ValidationError("'--pixels' is for inputs of your own: give '--images FILE'.")
      }
    }
  }

  private static let choice =
    "Give either '--dataset mnist', or '--images FILE' and '--labels FILE' (a file that holds both "
    + "needs no '--labels')."

  /// Loads the examples (where there are splits, the test split).
  func load() throws -> Dataset {
    if let images {
      let dataset =
        if let labels {
          try Dataset(imagesPath: images, labelsPath: labels, labelColumns: columns.names)
        } else {
          try Dataset(examplesPath: images, split: .test, labelColumns: columns.names)
        }
      return try pixels.applied(to: dataset)
    }
    guard let dataset else { throw ValidationError(Self.choice) }
    return try Dataset(
      named: dataset, split: .test, locator: DatasetLocator(explicitFolder: data))
  }
}

extension DatasetName: ExpressibleByArgument {}
