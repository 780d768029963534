import ArgumentParser
import BBBDatasets
import BBBNetwork
import BBBTraining

/// Which examples to learn from, and to measure the result on.
struct TrainingDataOptions: ParsableArguments {
  @Option(
    help:
      "A dataset by name; its training examples are used. 'synthetic-digits' and 'noisy-curve' are built in."
  )
  var dataset: DatasetName?

  @Option(
    help: ArgumentHelp(
      "Where datasets are: a folder that holds a dataset's files, or folders named after datasets. "
        + "Default: $BBBPRUNE_DATA, then the cache folder.",
      valueName: "folder"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Your own examples: inputs and labels (or targets) together, as NPZ or CSV; or inputs as IDX with "
        + "their labels beside them.", valueName: "file"))
  var train: String?

  @Option(
    help: ArgumentHelp(
      "The class (or targets) of each of them, as IDX, NPY or CSV, if '--train' is a file of inputs alone.",
      valueName: "file"))
  var labels: String?

  @OptionGroup var columns: LabelColumnOption
  @OptionGroup var layout: InputLayoutOption

  @Option(
    help: ArgumentHelp(
      "Beside '--train': examples like those to measure the error on, once, when training is done.",
      valueName: "file"))
  var test: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Examples to set aside to measure the error on, 0 for none; the choice does not depend on the "
        + "seed. Default: a sixth, 10,000 of MNIST's 60,000.",
      valueName: "count"))
  var validation: Int?

  /// The options given that decide what is computed.
  var given: [String] {
    [("--dataset", dataset != nil), ("--validation", validation != nil)].filter(\.1).map(\.0)
  }

  /// The files to read.
  var files: [String?] { [train, labels, test] }

  func check(isResuming: Bool, likelihood: Likelihood) throws {
    if train != nil, data != nil {
      throw ValidationError("'--data' is for named datasets: leave it out beside '--train'.")
    }
    if !isResuming, (dataset != nil) == (train != nil) {
      throw ValidationError("Give either '--dataset mnist' or '--train FILE'.")
    }
    if train == nil, !columns.names.isEmpty {
      throw ValidationError("'--label-column' names columns of a CSV file: give '--train FILE'.")
    }
    if train == nil, layout.layout != nil {
      throw ValidationError(
        "'--input-layout' is for inputs of your own: give '--train FILE'.")
    }
    if let dataset { try checkNamed(dataset) }
    try checkLikelihood(likelihood)
  }

  /// Checks that nothing was said that a named dataset has no use for.
  private func checkNamed(_ dataset: DatasetName) throws {
    if dataset.isBuiltIn, data != nil {
      throw ValidationError("'\(dataset.rawValue)' needs no files: leave out '--data' beside it.")
    }
    if labels != nil {
      throw ValidationError(
        "'--labels' belongs to '--train FILE': leave it out beside '\(dataset.rawValue)'.")
    }
    if test != nil {
      throw ValidationError(
        "'\(dataset.rawValue)' has test examples of its own, which 'bbbprune sweep' measures: leave "
          + "out '--test'.")
    }
  }

  private func checkLikelihood(_ likelihood: Likelihood) throws {
    guard let dataset, dataset.targetKind != likelihood.targetKind else { return }
    switch likelihood {
    case .gaussian:
      throw ValidationError(
        "'\(dataset.rawValue)' has classes, and '--likelihood gaussian' is for real-valued targets: "
          + "leave it out, or give such targets with '--train FILE'.")
    case .categorical, .binary:
      throw ValidationError(
        "'\(dataset.rawValue)' has real-valued targets: give the standard deviation of their noise, "
          + "'--likelihood gaussian:DEVIATION', such as gaussian:0.07.")
    }
  }

  /// Loads the examples.
  ///
  /// - Parameters:
  ///   - saved: The run to go on with, if any, which knows its dataset.
  ///   - likelihood: Whether the examples have classes or real-valued targets.
  ///   - network: The network, whose inputs' order they are brought into; `nil` if it takes them in a row.
  /// - Returns: The examples to learn from and to validate on, and those to test on.
  /// - Throws: `DatasetError`, or `ValidationError` if the run learns from files that are not given.
  func load(
    for saved: SavedRun?, likelihood: Likelihood, network: Network?
  ) throws -> TrainingData {
    let form = network.map(layout.form)
    func arranged(_ dataset: Dataset) throws -> Dataset {
      try form.map { try dataset.arranged(for: $0) } ?? dataset
    }
    if let train { return try load(train, likelihood, arranged) }
    guard let name = saved.map({ DatasetName(rawValue: $0.description.dataset) }) ?? dataset else {
      throw ValidationError(
        "The run learns from '\(saved?.description.dataset ?? "")': give its file again, "
          + "'--train FILE'.")
    }
    try checkNamed(name)
    try checkLikelihood(likelihood)
    let locator = DatasetLocator(explicitFolder: data)
    return try TrainingData(
      name: name.rawValue, arranged(Dataset(named: name, split: .train, locator: locator)))
  }

  private func load(
    _ train: String, _ likelihood: Likelihood, _ arranged: (Dataset) throws -> Dataset
  ) throws -> TrainingData {
    let name = train.split(separator: "/").last.map(String.init) ?? train
    let kind = likelihood.targetKind
    let dataset =
      try labels.map {
        try Dataset(
          imagesPath: train, labelsPath: $0, targets: kind, labelColumns: columns.names)
      }
      ?? Dataset(
        examplesPath: train, split: .train, targets: kind, labelColumns: columns.names)
    return try TrainingData(
      name: name, arranged(dataset),
      test: test.map {
        try arranged(
          Dataset(
            examplesPath: $0, split: .test, targets: kind,
            labelColumns: labels == nil ? columns.names : []))
      })
  }

  /// The options that give 'sweep' examples that a network trained on these has not seen.
  func sweepOptions(dataset: String) -> [String] {
    if let test { return ["--images", test] }
    if train != nil { return ["--images", "FILE"] + (labels == nil ? [] : ["--labels", "FILE"]) }
    return ["--dataset", dataset] + (data.map { ["--data", $0] } ?? [])
  }

  /// The number of examples to set aside.
  func validationCount(of data: TrainingData) throws -> Int {
    let available = data.examples.count
    let count = validation ?? available / 6
    guard count >= 0, count < available else {
      throw ValidationError(
        "'--validation \(count)' leaves nothing to train on: \(data.name) has \(available) "
          + "examples; give fewer, or 0.")
    }
    return count
  }
}

extension Likelihood {
  /// What belongs to the examples that a network with this likelihood learns from.
  fileprivate var targetKind: Dataset.TargetKind {
    switch self {
    case .categorical, .binary: .classes
    case .gaussian: .numbers
    }
  }
}
