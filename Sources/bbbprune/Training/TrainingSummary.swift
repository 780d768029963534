import BBBEvaluation
import BBBTensors
import BBBTraining

/// What a finished run has come to.
struct TrainingSummary: Encodable {
  var checkpoint: String
  var bytes: Int
  /// `bayes`, or `point` for one value per weight.
  var method: String
  var dataset: String
  var examples: Int
  var validationExamples: Int
  var layerSizes: [Int]
  var weights: Int
  var epochs: [EpochRecord]
  /// The options that give 'sweep' its examples.
  private var sweepOptions: [String]

  enum CodingKeys: String, CodingKey {
    case checkpoint, bytes, method, dataset, examples
    case validationExamples = "validation_examples"
    case layerSizes = "layer_sizes"
    case weights, epochs
  }

  /// - Parameters:
  ///   - session: The run.
  ///   - byteCount: The size of its checkpoint.
  ///   - sweepOptions: The options that give 'sweep' examples the network has not seen.
  init(_ session: TrainingSession, byteCount: Int, sweepOptions: [String]) {
    let configuration = session.trainer.configuration
    checkpoint = session.files.checkpoint
    bytes = byteCount
    method = if case .bayesByBackprop = configuration.method { "bayes" } else { "point" }
    dataset = session.run.dataset
    examples = session.run.exampleCount
    validationExamples = session.run.validationCount
    layerSizes = configuration.layerSizes
    weights = configuration.weightCount
    epochs = session.epochs
    self.sweepOptions = sweepOptions
  }

  var text: String {
    let network = layerSizes.map(String.init).joined(separator: "-")
    let kind = method == "bayes" ? "means and standard deviations" : "weights"
    var lines = [
      "\(checkpoint): \(NumberText.grouped(bytes)) bytes, \(kind) of a network \(network) "
        + "(\(NumberText.grouped(weights)) weights)",
      "trained for \(NumberText.grouped(epochs.count)) epochs on \(NumberText.grouped(examples)) "
        + "examples of \(dataset.withoutControlCharacters)",
    ]
    if let last = epochs.last {
      if let error = last.validationError {
        let errors = Int((error * Double(validationExamples)).rounded())
        lines.append(
          "validation error  \(percent(error)) % (\(NumberText.grouped(errors)) of "
            + "\(NumberText.grouped(validationExamples)))")
      }
      lines += [
        "training error    \(percent(last.trainingError)) %",
        "likelihood cost   \(NumberText.fixed(last.likelihoodCost, decimals: 4)) nats per example",
      ]
      if let cost = last.complexityCost {
        lines.append(
          "complexity cost   \(NumberText.fixed(cost, decimals: 3)) nats per example, "
            + "\(NumberText.fixed(last.bitsPerWeight, decimals: 4)) bits per weight")
      }
    }
    lines.append("next: \(nextCommand)")
    return lines.joined(separator: "\n") + "\n"
  }

  /// What can be done with the checkpoint; plain weights have no signal-to-noise ratio.
  private var nextCommand: String {
    let criterion = method == "bayes" ? [] : ["--criterion", "magnitude"]
    return ShellCommand.text(["bbbprune", "sweep", checkpoint] + criterion + sweepOptions)
  }

  private func percent(_ fraction: Double?) -> String {
    NumberText.fixed(fraction.map { $0 * 100 }, decimals: 2)
  }
}
