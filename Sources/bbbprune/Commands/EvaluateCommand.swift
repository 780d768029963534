import ArgumentParser
import BBBDatasets
import BBBEvaluation
import BBBInference
import BBBReports
import BBBTensors
import Foundation

/// `bbbprune evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measures a model's error, likelihood, calibration and doubt on labelled data.",
    discussion: """
      Takes a .bbbz model, or a checkpoint, which is run unpruned. Of a network that predicts numbers it measures the \
      root mean squared error, the likelihood and how many targets lie in the 95 % intervals.

      Examples:
        bbbprune evaluate model.bbbz --dataset mnist
        bbbprune evaluate model.bbbz --dataset mnist --samples 100
        bbbprune evaluate model.bbbz --dataset mnist --one-pass --ood noise
        bbbprune evaluate model.pt --images x.npy --labels y.npy --json -
        bbbprune evaluate model.pt --images data.npz --output numbers:0.5
      """)

  @Argument(help: "A .bbbz model or a checkpoint.")
  var model: String

  @OptionGroup(title: "Data") var dataset: DatasetOptions
  @OptionGroup var prediction: PredictionOptions
  @OptionGroup var ood: OutOfDistributionOption

  @Option(help: ArgumentHelp("Draw reliability and risk–coverage as SVG.", valueName: "file"))
  var plot: String?

  @OptionGroup var json: JSONOption
  @OptionGroup(title: "Reading a checkpoint") var reading: CheckpointOptions
  @OptionGroup var threads: ThreadOption

  func validate() throws {
    try dataset.checkInputOptions(others: ood.file)
    if plot == "-" {
      throw ValidationError(
        "Only '--json' can write to standard output: name a file instead of '-'.")
    }
  }

  private struct Summary: Encodable {
    var model: String
    var dataset: String
    var prediction: String
    /// The number of draws; `nil` but for Monte Carlo.
    var samples: Int?
    var seed: UInt64?
    var bytes: Int
    /// What is taken for granted about the network.
    var assumptions: [String]
    var scores: EvaluationSummary

    enum CodingKeys: String, CodingKey {
      case model, dataset, prediction, samples, seed, bytes, assumptions
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(model, forKey: .model)
      try container.encode(dataset, forKey: .dataset)
      try container.encode(prediction, forKey: .prediction)
      try container.encodeIfPresent(samples, forKey: .samples)
      try container.encodeIfPresent(seed, forKey: .seed)
      try container.encode(bytes, forKey: .bytes)
      try container.encode(assumptions, forKey: .assumptions)
      try scores.encode(to: encoder)
    }
  }

  func run() throws {
    var outputs = OutputPaths()
    outputs.add("--json", json.path)
    outputs.add("--plot", plot)
    try outputs.check(inputs: [model, dataset.images, dataset.labels, ood.file] + reading.files)
    let input = try ModelInput(
      path: model, reading: reading, keepsUncertainty: prediction.needsUncertainty)
    let method = try prediction.method(for: input.model, path: model)
    guard plot == nil || input.model.output.isClassification else {
      throw CommandError(
        .unsuitable, path: model,
        "predicts numbers, and '--plot' draws the reliability of class "
          + "probabilities; leave it out")
    }
    let examples = try dataset.load(
      for: input.model.output, of: input.model.network, threadCount: threads.count)
    let evaluation = try input.model.evaluation(
      on: examples,
      against: try ood.load(
        like: examples, for: input.model.network, dataset, threadCount: threads.count),
      by: method,
      threadCount: threads.count)
    let scores = EvaluationSummary(evaluation)
    let summary = Summary(
      model: model, dataset: examples.name, prediction: method.name,
      samples: prediction.sampleCount, seed: prediction.usedSeed, bytes: input.byteCount,
      assumptions: input.assumptions, scores: scores)
    if !json.replacesText {
      try StandardOutput.writeText(
        "\(model) (\(NumberText.grouped(summary.bytes)) bytes) on "
          + "\(summary.dataset)\(method.reportText)\n"
          + EvaluationText.render(scores, width: StandardOutput.width))
    }
    try json.write(summary)
    if let plot, case .classes(let scores) = scores, let result = evaluation.result.classes {
      let picture = ReliabilityPlot.render(
        scores, curve: result.riskCoverage,
        of: "\(model) on \(examples.name)\(method.reportText)")
      try OutputFile.write(Data(picture.utf8), to: plot)
    }
  }
}
