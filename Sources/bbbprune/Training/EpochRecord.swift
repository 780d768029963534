import BBBTraining
import Foundation

/// An epoch as CSV, JSON and the terminal show it.
struct EpochRecord: Encodable {
  /// The columns, in order; either those of errors or those of root mean square errors are in use.
  enum CodingKeys: String, CodingKey, CaseIterable {
    case epoch
    case likelihoodCost = "likelihood_cost"
    case complexityCost = "complexity_cost"
    case bitsPerWeight = "complexity_bits_per_weight"
    case trainingError = "training_error"
    case trainingRootMeanSquareError = "training_rmse"
    case validationError = "validation_error"
    case validationRootMeanSquareError = "validation_rmse"
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
  let trainingRootMeanSquareError: Double?
  let validationError: Double?
  let validationRootMeanSquareError: Double?
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
    trainingRootMeanSquareError = report.trainingRootMeanSquareError
    validationError = report.validationError
    validationRootMeanSquareError = report.validationRootMeanSquareError
    validationCost = report.validationCost
    learningRate = report.learningRate
  }

  /// Epochs as CSV: a header, then a record each; what is missing is empty.
  ///
  /// - Parameters:
  ///   - epochs: The epochs.
  ///   - likelihood: What decides which columns there are.
  /// - Returns: The content of the file.
  static func csv(_ epochs: [EpochRecord], _ likelihood: Likelihood) -> String {
    let unused: Set<CodingKeys> =
      likelihood.output.isClassification
      ? [.trainingRootMeanSquareError, .validationRootMeanSquareError]
      : [.trainingError, .validationError]
    let columns = CodingKeys.allCases.filter { !unused.contains($0) }
    let records = epochs.map { epoch in columns.map { epoch.text($0) } }
    return ([columns.map(\.rawValue)] + records).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  private func text(_ key: CodingKeys) -> String {
    let value: Double? =
      switch key {
      case .epoch: nil
      case .likelihoodCost: likelihoodCost
      case .complexityCost: complexityCost
      case .bitsPerWeight: bitsPerWeight
      case .trainingError: trainingError
      case .trainingRootMeanSquareError: trainingRootMeanSquareError
      case .validationError: validationError
      case .validationRootMeanSquareError: validationRootMeanSquareError
      case .validationCost: validationCost
      case .learningRate: learningRate
      }
    return key == .epoch ? "\(epoch)" : value.map { "\($0)" } ?? ""
  }
}
