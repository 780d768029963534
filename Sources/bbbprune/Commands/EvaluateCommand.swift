import ArgumentParser
import BBBEvaluation

/// `bbbprune evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measures a model's error, likelihood and calibration on labelled data.",
    discussion: """
      Takes a .bbbz model, or a checkpoint, whose posterior means are run unpruned.

      Examples:
        bbbprune evaluate model.bbbz --dataset mnist
        bbbprune evaluate model.pt --images x.npy --labels y.npy --json -
      """)

  @Argument(help: "A .bbbz model or a checkpoint.")
  var model: String

  @OptionGroup(title: "Data") var dataset: DatasetOptions
  @OptionGroup var json: JSONOption
  @OptionGroup(title: "Reading a checkpoint") var reading: CheckpointOptions
  @OptionGroup var threads: ThreadOption

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
    var bytes: Int

    enum CodingKeys: String, CodingKey {
      case model, dataset, errors, images, error
      case errorLow = "error_low"
      case errorHigh = "error_high"
      case nll, ece, bytes
    }
  }

  func run() throws {
    var outputs = OutputPaths()
    outputs.add("--json", json.path)
    try outputs.check(inputs: [model, reading.model, dataset.images, dataset.labels])
    let input = try ModelInput(path: model, reading: reading)
    let examples = try dataset.load()
    let result = try input.model.evaluated(on: examples, threadCount: threads.count)
    let interval = result.errorInterval
    let summary = Summary(
      model: model, dataset: examples.name, errors: result.errors, images: result.count,
      error: result.error, errorLow: interval.low, errorHigh: interval.high,
      nll: result.negativeLogLikelihood.finite, ece: result.expectedCalibrationError.finite,
      bytes: input.byteCount)
    try json.write(summary)
    guard !json.replacesText else { return }
    func percent(_ fraction: Double) -> String { NumberText.fixed(fraction * 100, decimals: 2) }
    try StandardOutput.write(
      """
      \(model) (\(NumberText.grouped(summary.bytes)) bytes) on \(summary.dataset)
      error  \(percent(summary.error)) %  (\(NumberText.grouped(summary.errors)) of \
      \(NumberText.grouped(summary.images)); 95 % interval \(percent(interval.low))–\
      \(percent(interval.high)) %)
      NLL    \(NumberText.fixed(summary.nll, decimals: 4)) nats
      ECE    \(percent(result.expectedCalibrationError)) %

      """)
  }
}
