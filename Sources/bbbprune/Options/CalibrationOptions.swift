import ArgumentParser
import BBBConditioning
import BBBDatasets
import BBBNetwork
import BBBPruning
import BBBReports
import Foundation

/// Unlabelled inputs of the kind that a network is for, and what is done with them.
struct CalibrationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Inputs of the kind that the network is for, without labels: the training examples of a dataset (mnist), or IDX, NPY, \
      NPZ, CSV or a folder of pictures. What is left of the weights moves to take over what was removed (docs/conditioning.md), and \
      rounding keeps the outputs on them. '--label-column' names columns of a CSV file that are no inputs, '--pixels' applies too.
      """, valueName: "name|file|folder"))
  var calibrate: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many of them are looked at, evenly over all. Default: 4000.", valueName: "count"))
  var calibrateCount: Int?

  @Flag(
    inversion: .prefixedNo,
    help: """
      Whether the weights that are left take over what was removed, where '--calibrate' gives inputs. With '--no-condition' \
      they stay what they are.
      """)
  var condition = true

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      With '--criterion conditional': the fraction of the weights, those of largest |μ|/σ, among which is chosen; 1 is slow. Default: \
      five times what stays, at least 0.25.
      """, valueName: "fraction"))
  var preCut: Double?

  @Flag(
    help: """
      Let σ of what is left grow, by one factor for each unit, so that the noise of its sum stays that of the posterior; with \
      predictions that draw from it.
      """)
  var keepNoise = false

  /// The examples that are looked at where nothing else is said.
  private static let usualCount = 4000
  /// Of fewer, none can be held out to judge by.
  private static let leastCount = 16
  /// Fewer say little of how inputs go together.
  private static let fewCount = 500
  /// The most examples on which rounding is compared.
  private static let mostCompared = 2000

  /// Whether the weights that are left take over what was removed.
  var conditions: Bool { calibrate != nil && condition }

  /// What ranks where nothing else is said.
  ///
  /// - Parameter pruning: What is removed.
  /// - Returns: The conditional criterion where inputs are given and single weights go.
  func usualCriterion(_ pruning: PruningOptions) -> Criterion.Kind {
    conditions && !pruning.units && !pruning.pruneBiases ? .conditional : .signalToNoiseRatio
  }

  /// The dataset that the inputs are of, if they are no file.
  private var named: DatasetName? { calibrate.flatMap(DatasetName.init(rawValue:)) }

  /// The file of the inputs, if there is one.
  var file: String? { named == nil ? calibrate : nil }

  /// Checks what is asked for.
  ///
  /// - Parameters:
  ///   - criteria: What ranks.
  ///   - pruning: What is removed.
  /// - Throws: `ValidationError` if options do not go together.
  func check(_ criteria: [Criterion.Kind], _ pruning: PruningOptions) throws {
    let isConditional = criteria.contains(.conditional)
    if isConditional, calibrate == nil {
      throw ValidationError(
        "'--criterion conditional' looks at inputs: add '--calibrate mnist' or '--calibrate FILE'.")
    }
    if isConditional, !condition {
      throw ValidationError(
        "'--criterion conditional' counts on what is left taking over: leave out '--no-condition'.")
    }
    if isConditional, pruning.units || pruning.pruneBiases {
      throw ValidationError(
        "'--criterion conditional' ranks single weights: leave out '\(pruning.units ? "--units" : "--prune-biases")', or choose "
          + "another criterion, after which what is left takes over too.")
    }
    if keepNoise, !conditions {
      throw ValidationError(
        "'--keep-noise' is for what is left to take over: add '--calibrate mnist' or '--calibrate FILE', or leave it out."
      )
    }
    if calibrate == nil, calibrateCount != nil || !condition {
      throw ValidationError(
        "'\(condition ? "--calibrate-count" : "--no-condition")' is for inputs that '--calibrate' gives: add it, or leave it out."
      )
    }
    if let calibrateCount, !(Self.leastCount...1_000_000).contains(calibrateCount) {
      throw ValidationError("Give '--calibrate-count' a number of examples from 16 to 1,000,000.")
    }
    if let preCut {
      guard isConditional else {
        throw ValidationError("'--pre-cut' is for '--criterion conditional': leave it out.")
      }
      guard preCut > 0, preCut <= 1 else {
        throw ValidationError("Give '--pre-cut' a fraction above 0 and at most 1, such as 0.5.")
      }
    }
  }

  /// Inputs, and what a report says of them.
  struct Calibration {
    /// What rounding is compared on.
    let inputs: ComparisonInputs
    /// All, as they are run.
    let examples: Dataset.Inputs
    /// Such as `mnist`.
    let name: String
    let count: Int
    /// How many of them rounding is compared on.
    let comparedCount: Int

    /// The examples as a network takes them.
    func examples(of network: DenseNetwork) -> CalibrationExamples {
      switch examples {
      case .bytes(let bytes): CalibrationExamples(bytes: bytes, of: network)
      case .floats(let floats): CalibrationExamples(floats: floats, of: network)
      }
    }
  }

  /// The examples.
  ///
  /// - Parameters:
  ///   - dataset: Where datasets are, and how inputs of one's own are read.
  ///   - network: The network that takes them.
  ///   - threadCount: How many threads may decode pictures at the same time.
  /// - Returns: The examples; `nil` if none are given.
  /// - Throws: `DatasetError` if they cannot be read or have another size.
  func load(
    _ dataset: DatasetOptions, of network: Network, threadCount: Int
  ) throws -> Calibration? {
    guard let calibrate else { return nil }
    let most = calibrateCount ?? Self.usualCount
    let inputCount = network.inputCount
    let form = dataset.layout.form(of: network)
    let examples: UnlabelledExamples
    let all: Dataset.Inputs
    if let named {
      examples = try UnlabelledExamples(
        Dataset(named: named, split: .train, locator: DatasetLocator(explicitFolder: dataset.data))
      ).arranged(for: InputForm(of: network))
      all = examples.inputs
    } else if ImageSizeOptions.isFolder(calibrate) {
      examples = try UnlabelledExamples(
        imagesInFolder: calibrate, sizing: dataset.size.sizing, for: form, largestCount: most,
        threadCount: threadCount)
      all = examples.inputs
    } else {
      examples = try UnlabelledExamples(
        contentsOf: calibrate, splits: [.train, .test], leavingOut: dataset.columns.names
      ).arranged(for: form)
      all = try dataset.pixels.applied(to: examples.inputs, of: calibrate)
    }
    try examples.checkInputs(inputCount: inputCount)
    guard examples.count >= Self.leastCount || !condition else {
      throw CommandError(
        .unsuitable, path: calibrate,
        "holds \(examples.count) examples, too few to say how weights stand in for each other; give at least "
          + "\(Self.leastCount), better 1,000, or add '--no-condition'")
    }
    let chosen = all.evenly(most, of: examples.count, inputCount)
    let count = min(most, examples.count)
    let inputs: ComparisonInputs =
      switch chosen.evenly(Self.mostCompared, of: count, inputCount) {
      case .bytes(let bytes): ComparisonInputs(bytes: bytes)
      case .floats(let floats): ComparisonInputs(floats: floats)
      }
    return Calibration(
      inputs: inputs, examples: chosen,
      name: examples.name + (named == nil ? "" : ", training"), count: count,
      comparedCount: min(count, Self.mostCompared))
  }

  /// Warns if examples are looked at that are measured too.
  ///
  /// - Parameters:
  ///   - calibration: What is looked at.
  ///   - measured: What is measured.
  func warn(_ calibration: Calibration, measuring measured: Dataset) {
    guard let file, measured.count > 0,
      measured.files.contains(where: { OutputPaths.isSameFile($0, file) })
    else { return }
    let count = measured.inputCount
    let isFirst =
      switch (calibration.examples, measured.inputs) {
      case (.bytes(let one), .bytes(let other)): one.prefix(count) == other.prefix(count)
      case (.floats(let one), .floats(let other)): one.prefix(count) == other.prefix(count)
      case (.bytes, .floats), (.floats, .bytes): false
      }
    guard isFirst else { return }
    StandardError.writeText(
      "warning: \(file.withoutControlCharacters): the examples that are measured are those that networks are conditioned on, "
        + "which may flatter them; give others with '--calibrate'\n")
  }

  /// What conditions a network, and says so on standard error.
  ///
  /// - Parameters:
  ///   - calibration: The inputs.
  ///   - network: The dense network.
  ///   - threadCount: How many threads share the work.
  /// - Returns: What conditions.
  /// - Throws: `ConditioningError` if there is no BLAS.
  func conditioner(
    _ calibration: Calibration, _ network: DenseNetwork, threadCount: Int
  ) throws -> Conditioner {
    let conditioner = try Conditioner(
      network, examples: calibration.examples(of: network), threadCount: threadCount)
    var text =
      "conditioned on \(NumberText.grouped(conditioner.exampleCount)) unlabelled examples of "
      + calibration.name.withoutControlCharacters
    if conditioner.exampleCount < calibration.count {
      text += "; the values of more would not fit into the memory that is set aside"
    }
    if conditioner.exampleCount < Self.fewCount {
      text += "; so few say little: give 1,000 or more, if there are as many"
    }
    StandardError.writeText(text + "\n")
    return conditioner
  }
}

extension Dataset.Inputs {
  /// So many of the examples, evenly over all, whose order may be that of the classes.
  fileprivate func evenly(_ most: Int, of count: Int, _ inputCount: Int) -> Dataset.Inputs {
    guard count > most else { return self }
    let rows = (0..<most).map { row in
      let first = row * count / most * inputCount
      return first..<first + inputCount
    }
    return switch self {
    case .bytes(let bytes): .bytes(rows.flatMap { bytes[$0] })
    case .floats(let floats): .floats(rows.flatMap { floats[$0] })
    }
  }
}
