/// What one way of predicting scores, be it classes or numbers that are predicted.
public enum EvaluationScores: Equatable, Sendable {
  /// Of a classifier.
  case classes(PredictionScores)
  /// Of a network that predicts numbers.
  case numbers(NumericScores)

  /// Takes the scores of an evaluation.
  ///
  /// - Parameter evaluation: What was measured.
  public init(_ evaluation: Evaluation) {
    let area = evaluation.outOfDistribution?.entropyArea
    switch evaluation.result {
    case .classes(let result): self = .classes(PredictionScores(result, auroc: area))
    case .numbers(let result): self = .numbers(NumericScores(result, auroc: area))
    }
  }

  /// The scores of a classifier; `nil` of numbers.
  public var classes: PredictionScores? {
    if case .classes(let scores) = self { scores } else { nil }
  }

  /// The scores of numbers; `nil` of a classifier.
  public var numbers: NumericScores? {
    if case .numbers(let scores) = self { scores } else { nil }
  }

  /// What reports call the error: the fraction of wrong classes, 0…1, or the root mean squared error of numbers.
  public var error: Double {
    switch self {
    case .classes(let scores): scores.error
    case .numbers(let scores): scores.rmse
    }
  }

  /// The mean negative log-likelihood, in nats (for each target); `nil` if the noise of numbers is not known.
  public var nll: Double? {
    switch self {
    case .classes(let scores): scores.nll
    case .numbers(let scores): scores.nll
    }
  }

  /// How well the predictive entropy tells examples of another kind; `nil` if none were given.
  public var auroc: Double? {
    switch self {
    case .classes(let scores): scores.auroc
    case .numbers(let scores): scores.auroc
    }
  }
}
