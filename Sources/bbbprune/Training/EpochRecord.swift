import BBBTraining
import Foundation

/// An epoch as CSV, JSON and the terminal show it.
struct EpochRecord: Encodable {
  /// The columns, in order.
  enum CodingKeys: String, CodingKey, CaseIterable {
    case epoch
    case likelihoodCost = "likelihood_cost"
    case complexityCost = "complexity_cost"
    case bitsPerWeight = "complexity_bits_per_weight"
    case trainingError = "training_error"
    case validationError = "validation_error"
    case validationCost = "validation_cost"
    case learningRate = "learning_rate"
  }

  let epoch: Int
  /// Nats per example.
  let likelihoodCost: Double
  /// Nats per example; `nil` where weights have no distribution.
  let complexityCost: Double?
  /// The complexity cost in bits, shared out among weights and biases.
  let bitsPerWeight: Double?
  let trainingError: Double?
  let validationError: Double?
  /// Nats per example.
  let validationCost: Double?
  let learningRate: Double

  init(_ report: EpochReport, of configuration: TrainingConfiguration, exampleCount: Int) {
    epoch = report.epoch
    likelihoodCost = report.likelihoodCost
    if case .bayesByBackprop = configuration.method {
      complexityCost = report.complexityCost / Double(exampleCount)
      bitsPerWeight = report.complexityCost / log(2) / Double(configuration.parameterCount)
    } else {
      complexityCost = nil
      bitsPerWeight = nil
    }
    trainingError = report.trainingError
    validationError = report.validationError
    validationCost = report.validationCost
    learningRate = report.learningRate
  }

  /// Epochs as CSV: a header, then a record each; what is missing is empty.
  static func csv(_ epochs: [EpochRecord]) -> String {
    let header = CodingKeys.allCases.map(\.rawValue)
    let records = epochs.map { epoch in CodingKeys.allCases.map { epoch.text($0) } }
    return ([header] + records).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  private func text(_ key: CodingKeys) -> String {
    let value: Double? =
      switch key {
      case .epoch: nil
      case .likelihoodCost: likelihoodCost
      case .complexityCost: complexityCost
      case .bitsPerWeight: bitsPerWeight
      case .trainingError: trainingError
      case .validationError: validationError
      case .validationCost: validationCost
      case .learningRate: learningRate
      }
    return key == .epoch ? "\(epoch)" : value.map { "\($0)" } ?? ""
  }
}
