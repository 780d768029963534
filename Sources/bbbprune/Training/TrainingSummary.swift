import BBBErrors
import BBBReports
import BBBTraining

/// What a finished run has come to.
struct TrainingSummary: Encodable {
  var checkpoint: String
  var bytes: Int
  /// `bayes`, or `point` for one value per weight.
  var method: String
  /// `categorical`, `binary`, or `gaussian` and the noise's standard deviation.
  var likelihood: String
  var dataset: String
  var examples: Int
  var validationExamples: Int
  /// Those of a multilayer perceptron.
  var layerSizes: [Int]?
  /// The network's text, in one line.
  var network: String
  var weights: Int
  var testExamples: Int?
  /// The share of test examples that the posterior means misclassify.
  var testError: Double?
  /// Their number.
  var testErrors: Int?
  var testRootMeanSquareError: Double?
  /// Nats per example.
  var testCost: Double?
  var epochs: [EpochRecord]
  /// Absent if the run learned something.
  var verdict: TrainingVerdict?
  /// The number of the network's operations.
  private var operationCount: Int
  /// Whether the outputs are classes, whose errors are counted.
  private var isClassification: Bool
  /// The options that give 'sweep' its examples.
  private var sweepOptions: [String]

  enum CodingKeys: String, CodingKey {
    case checkpoint, bytes, method, likelihood, dataset, examples
    case validationExamples = "validation_examples"
    case layerSizes = "layer_sizes"
    case network, weights
    case testExamples = "test_examples"
    case testError = "test_error"
    case testErrors = "test_errors"
    case testRootMeanSquareError = "test_rmse"
    case testCost = "test_cost"
    case epochs, verdict
  }

  /// - Parameters:
  ///   - session: The run.
  ///   - byteCount: The size of its checkpoint.
  ///   - test: How it does on the test examples, if there are any.
  ///   - sweepOptions: The options that give 'sweep' examples the network has not seen.
  ///   - verdict: What is wrong with the result, if anything.
  init(
    _ session: TrainingSession, byteCount: Int, test: ExampleMeasurement?, sweepOptions: [String],
    verdict: TrainingVerdict?
  ) {
    let configuration = session.trainer.configuration
    checkpoint = session.files.checkpoint
    bytes = byteCount
    method = if case .bayesByBackprop = configuration.method { "bayes" } else { "point" }
    likelihood = configuration.likelihood.name
    isClassification = configuration.likelihood.output.isClassification
    dataset = session.run.dataset
    examples = session.run.exampleCount
    validationExamples = session.run.validationCount
    layerSizes = configuration.network.layerSizes?.sizes
    network = configuration.network.textInOneLine
    operationCount = configuration.network.nodes.count
    weights = configuration.weightCount
    testExamples = test?.count
    testError = test?.error
    testErrors = test?.errorCount
    testRootMeanSquareError = test?.rootMeanSquareError
    testCost = test?.cost
    epochs = session.epochs
    self.sweepOptions = sweepOptions
    self.verdict = verdict
  }

  var text: String {
    let network =
      layerSizes.map { $0.map(String.init).joined(separator: "-") }
      ?? "of \(NumberText.grouped(operationCount)) operations"
    let kind = method == "bayes" ? "means and standard deviations" : "weights"
    var lines = [
      "\(checkpoint): \(NumberText.grouped(bytes)) bytes, \(kind) of a network \(network) "
        + "(\(NumberText.grouped(weights)) weights)",
      "trained for \(NumberText.grouped(epochs.count)) epochs on \(NumberText.grouped(examples)) "
        + "examples of \(dataset.withoutControlCharacters)",
    ]
    if let testExamples {
      lines.append(
        errorLine(
          "test", testError, testRootMeanSquareError, of: testExamples, errors: testErrors)
          + ", \(NumberText.fixed(testCost, decimals: 4)) nats per example")
    }
    if let last = epochs.last {
      if validationExamples > 0 {
        let errors = last.validationError.map {
          Int(($0 * Double(validationExamples)).rounded())
        }
        lines.append(
          errorLine(
            "validation", last.validationError, last.validationRootMeanSquareError,
            of: validationExamples, errors: errors))
      }
      lines += [
        errorLine("training", last.trainingError, last.trainingRootMeanSquareError),
        line(
          "likelihood cost",
          "\(NumberText.fixed(last.likelihoodCost, decimals: 4)) nats per example"),
      ]
      if let cost = last.complexityCost {
        lines.append(
          line(
            "complexity cost",
            "\(NumberText.fixed(cost, decimals: 3)) nats per example, "
              + "\(NumberText.fixed(last.bitsPerWeight, decimals: 4)) bits per weight"))
      }
    }
    lines += ["next:", "  " + nextCommand]
    return lines.joined(separator: "\n") + "\n"
  }

  /// How wrong the network is on some examples, of which the number may be told.
  private func errorLine(
    _ examples: String, _ error: Double?, _ rootMeanSquareError: Double?, of count: Int? = nil,
    errors: Int? = nil
  ) -> String {
    let total = count.map { NumberText.grouped($0) }
    guard isClassification else {
      let text = ErrorText.rootMeanSquare(rootMeanSquareError)
      return line("\(examples) RMSE", text + (total.map { " (\($0) examples)" } ?? ""))
    }
    let fraction = errors.flatMap { errors in
      total.map { " (\(NumberText.grouped(errors)) of \($0))" }
    }
    return line("\(examples) error", "\(ErrorText.percent(error)) %" + (fraction ?? ""))
  }

  private func line(_ label: String, _ text: String) -> String {
    label + String(repeating: " ", count: max(0, "validation error".count - label.count)) + "  "
      + text
  }

  /// What can be done with the checkpoint; plain weights have no signal-to-noise ratio.
  private var nextCommand: String {
    let criterion = method == "bayes" ? [] : ["--criterion", "magnitude"]
    return ShellCommand.text(["bbbprune", "sweep", checkpoint] + criterion + sweepOptions)
  }
}
