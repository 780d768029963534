import ArgumentParser
import BBBDatasets
import BBBEvaluation
import BBBInference

/// `bbbprune evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measures a model's error, likelihood and calibration on labelled data.",
    discussion: """
      Takes a .bbbz model, or a checkpoint, whose posterior means are run unpruned.

      Examples:
        bbbprune evaluate model.bbbz --dataset mnist
        bbbprune evaluate model.bbbz --dataset mnist --samples 100
        bbbprune evaluate model.pt --images x.npy --labels y.npy --json -
      """)

  @Argument(help: "A .bbbz model or a checkpoint.")
  var model: String

  @OptionGroup(title: "Data") var dataset: DatasetOptions
  @Option(
    help: ArgumentHelp(
      "Predict by Monte Carlo instead: average the class probabilities over that many draws, of a .bbbz that keeps its uncertainty.",
      valueName: "count"))
  var samples = 0

  @Option(help: "The seed of the draws.")
  var seed: UInt64 = 0

  @OptionGroup var json: JSONOption
  @OptionGroup(title: "Reading a checkpoint") var reading: CheckpointOptions
  @OptionGroup var threads: ThreadOption

  func validate() throws {
    guard 0...10_000 ~= samples else {
      throw ValidationError("Give '--samples' a count from 1 to 10000, or 0 for none.")
    }
  }

  private struct Summary: Encodable {
    var model: String
    var dataset: String
    var errors: Int
    var images: Int
    var error: Double
    var errorLow: Double
    var errorHigh: Double
    var nll: Double?
    var ece: Double?
    /// The number of draws; `nil` for the posterior means.
    var samples: Int?
    var bytes: Int

    enum CodingKeys: String, CodingKey {
      case model, dataset, errors, images, error
      case errorLow = "error_low"
      case errorHigh = "error_high"
      case nll, ece, samples, bytes
    }
  }

  func run() throws {
    var outputs = OutputPaths()
    outputs.add("--json", json.path)
    try outputs.check(inputs: [model, reading.model, dataset.images, dataset.labels])
    let input = try ModelInput(path: model, reading: reading)
    let examples = try dataset.load()
    let result = try evaluate(input.model, on: examples)
    let interval = result.errorInterval
    let summary = Summary(
      model: model, dataset: examples.name, errors: result.errors, images: result.count,
      error: result.error, errorLow: interval.low, errorHigh: interval.high,
      nll: result.negativeLogLikelihood.finite, ece: result.expectedCalibrationError.finite,
      samples: samples > 0 ? samples : nil, bytes: input.byteCount)
    try json.write(summary)
    guard !json.replacesText else { return }
    let draws = samples > 0 ? ", averaged over \(samples) draws" : ""
    func percent(_ fraction: Double) -> String { NumberText.fixed(fraction * 100, decimals: 2) }
    try StandardOutput.write(
      """
      \(model) (\(NumberText.grouped(summary.bytes)) bytes) on \(summary.dataset)\(draws)
      error  \(percent(summary.error)) %  (\(NumberText.grouped(summary.errors)) of \
      \(NumberText.grouped(summary.images)); 95 % interval \(percent(interval.low))–\
      \(percent(interval.high)) %)
      NLL    \(NumberText.fixed(summary.nll, decimals: 4)) nats
      ECE    \(percent(result.expectedCalibrationError)) %

      """)
  }

  private func evaluate(_ model: CompactModel, on examples: Dataset) throws -> ClassificationResult
  {
    guard samples > 0 else {
      return try model.evaluated(on: examples, threadCount: threads.count)
    }
    guard model.hasUncertainty else {
      throw UnsuitableInputError(
        description:
          "\(self.model): holds no standard deviations to draw from; export it with "
          + "'--keep-uncertainty', or for a checkpoint use 'sweep --samples'")
    }
    return try model.evaluated(
      on: examples, sampleCount: samples, seed: seed, threadCount: threads.count)
  }
}
