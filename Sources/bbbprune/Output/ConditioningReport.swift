import BBBConditioning
import BBBReports

/// What `export` tells of weights that took over what was removed.
struct ConditioningReport: Encodable {
  /// What the examples are called.
  var examplesOf: String
  /// How many there were.
  var examples: Int
  /// KL(unpruned ‖ pruned) of the outputs, in nats per example: of the rounded network if it is rounded while others take over, else
  /// before rounding.
  var divergence: Double?
  /// What the removals cost by the quadratic of the conditional order, in nats per example: at least that.
  var predictedDivergence: Double?
  /// Whether the divergence is that of the rounded network, which ``RoundingReport`` tells.
  private let isRounded: Bool

  enum CodingKeys: String, CodingKey {
    case examplesOf = "examples_of"
    case examples, divergence
    case predictedDivergence = "predicted_divergence"
  }

  init(_ network: ConditionedNetwork, on calibration: CalibrationInputOptions.Calibration) {
    examplesOf = calibration.name
    examples = network.exampleCount
    divergence = network.divergence?.finite
    isRounded = network.price != nil
    predictedDivergence = network.predictedDivergence?.finite
  }

  /// One sentence.
  var sentence: String {
    let measured = (isRounded ? nil : divergence).map {
      ": the outputs diverge by \(NumberText.significant($0, digits: 2)) nats per example of those held out, before rounding"
    }
    return
      "what is left took over what was removed, on \(NumberText.grouped(examples)) examples of \(examplesOf)"
      + (measured ?? "")
  }
}
