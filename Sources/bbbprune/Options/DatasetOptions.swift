import ArgumentParser
import BBBDatasets
import BBBNetwork

/// Which labelled examples to use.
struct DatasetOptions: ParsableArguments {
  @Option(help: "A dataset by name; 'synthetic-digits' and 'noisy-curve' are built in.")
  var dataset: DatasetName?

  @Option(
    help: ArgumentHelp(dataHelp, valueName: "folder"))
  var data: String?

  /// What '--data' is.
  static let dataHelp =
    "Where datasets are: a folder that holds a dataset's files, or folders named after datasets. "
    + "Default: $BBBPRUNE_DATA, then the cache folder."

  @Option(
    help: ArgumentHelp(
      "Your own inputs, as IDX, NPY or CSV; inputs and labels together, as NPZ or CSV; or a folder of pictures (PNG, "
        + "JPEG) with a folder for each class.",
      valueName: "file|folder"))
  var images: String?

  @Option(
    help: ArgumentHelp(
      "The class of each of them, or the numbers to predict, as IDX, NPY or CSV.",
      valueName: "file"))
  var labels: String?

  @OptionGroup var columns: LabelColumnOption
  @OptionGroup var pixels: PixelOption
  @OptionGroup var layout: InputLayoutOption
  @OptionGroup var size: ImageSizeOptions

  func validate() throws {
    if images != nil, data != nil {
      throw ValidationError("'--data' is for named datasets: leave it out beside '--images'.")
    }
    if let dataset, dataset.isBuiltIn, data != nil {
      throw ValidationError(
        "'\(dataset.rawValue)' needs no files: leave out '--data' beside it.")
    }
    if let images, labels != nil || !columns.names.isEmpty, ImageSizeOptions.isFolder(images) {
      throw ValidationError(
        "'\(images)' is a folder, whose own folders are the classes: leave out '--labels' and '--label-column'."
      )
    }
    guard dataset == nil || images == nil, images != nil || labels == nil else {
      throw ValidationError(Self.choice)
    }
  }

  /// Checks that what is said of inputs of one's own is said of a file.
  ///
  /// - Parameters:
  ///   - calibrate: Another file of such inputs, of a command that takes one; `nil` if none is given.
  ///   - others: A file of examples of another kind, of a command that takes one; `nil` if none is given.
  /// - Throws: `ValidationError` if there is no file.
  func checkInputOptions(calibrate: String? = nil, others: String? = nil) throws {
    try size.check(for: [images, calibrate, others], layout)
    guard images == nil, calibrate == nil else { return }
    if layout.layout != nil, others == nil {
      throw ValidationError(
        "'--input-layout' is for inputs of your own: give '--images FILE'.")
    }
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
  /// - Parameters:
  ///   - output: What the outputs of the network are that they are for: classes or numbers.
  ///   - network: The network, whose inputs' order they are brought into; as they are without one.
  ///   - threadCount: How many threads may decode pictures at the same time.
  /// - Returns: The examples, with targets of that kind if they are in files.
  /// - Throws: `DatasetError`, or `ValidationError` if none are named.
  func load(
    for output: OutputMeaning, of network: Network?, threadCount: Int
  ) throws -> Dataset {
    if let images, ImageSizeOptions.isFolder(images) {
      return try pictures(in: images, for: output, of: network, threadCount: threadCount)
    }
    let examples = try load(for: output)
    guard let network else { return examples }
    return try examples.arranged(
      for: images == nil ? InputForm(of: network) : layout.form(of: network))
  }

  private func pictures(
    in folder: String, for output: OutputMeaning, of network: Network?, threadCount: Int
  ) throws -> Dataset {
    guard let network else {
      throw CommandError(
        .unsuitable, path: folder,
        "holds pictures, which are brought to the size that the network takes, and it is not known: describe it with "
          + "'--network FILE'")
    }
    guard let classCount = output.classCount(outputCount: network.outputCount) else {
      throw CommandError(
        .unsuitable, path: folder,
        "holds pictures in classes, but the network predicts numbers; give inputs and targets in an NPZ file"
      )
    }
    return try Dataset(
      imagesInFolder: folder, sizing: size.sizing, for: layout.form(of: network),
      classCount: classCount, threadCount: threadCount)
  }

  private func load(for output: OutputMeaning) throws -> Dataset {
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
