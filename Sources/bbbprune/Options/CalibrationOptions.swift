import ArgumentParser
import BBBConditioning
import BBBDatasets
import BBBNetwork
import BBBPruning
import BBBReports
import Foundation

/// Unlabelled inputs of the kind that a network is for, and what is done with them.
struct CalibrationOptions: ParsableArguments {
  @OptionGroup var inputs: CalibrationInputOptions

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

  /// Fewer say little of how inputs go together.
  private static let fewCount = 500

  /// Whether the weights that are left take over what was removed.
  var conditions: Bool { calibrate != nil && condition }

  /// What ranks where nothing else is said.
  ///
  /// - Parameter pruning: What is removed.
  /// - Returns: The conditional criterion where inputs are given and single weights go.
  func usualCriterion(_ pruning: PruningOptions) -> Criterion.Kind {
    conditions && !pruning.units && !pruning.pruneBiases ? .conditional : .signalToNoiseRatio
  }

  /// Where the inputs are from, if any are given.
  var calibrate: String? { inputs.calibrate }

  /// The file of the inputs, if there is one.
  var file: String? { inputs.file }

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
    if calibrate == nil, inputs.calibrateCount != nil || !condition {
      throw ValidationError(
        "'\(condition ? "--calibrate-count" : "--no-condition")' is for inputs that '--calibrate' gives: add it, or leave it out."
      )
    }
    try inputs.checkCount()
    if let preCut {
      guard isConditional else {
        throw ValidationError("'--pre-cut' is for '--criterion conditional': leave it out.")
      }
      guard preCut > 0, preCut <= 1 else {
        throw ValidationError("Give '--pre-cut' a fraction above 0 and at most 1, such as 0.5.")
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
  ) throws -> CalibrationInputOptions.Calibration? {
    try inputs.load(
      CalibrationInputOptions.Reading(
        data: dataset.data, columns: dataset.columns, pixels: dataset.pixels,
        layout: dataset.layout, size: dataset.size),
      of: network, conditions: condition, threadCount: threadCount)
  }

  /// Warns if examples are looked at that are measured too.
  ///
  /// - Parameters:
  ///   - calibration: What is looked at.
  ///   - measured: What is measured.
  func warn(_ calibration: CalibrationInputOptions.Calibration, measuring measured: Dataset) {
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
    _ calibration: CalibrationInputOptions.Calibration, _ network: DenseNetwork, threadCount: Int
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
