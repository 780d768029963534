import BBBDatasets
import BBBInference

/// How well a network does on examples whose answers are known, be they classes or numbers.
public enum EvaluationResult: Equatable, Sendable {
  /// Of a classifier.
  case classes(ClassificationResult)
  /// Of a network that predicts numbers.
  case numbers(NumericResult)

  /// Compares predictions with the answers.
  ///
  /// - Parameters:
  ///   - distribution: What is predicted.
  ///   - targets: The answers, of the same kind and number.
  /// - Throws: `DatasetError.Code.mismatched` if they are of another kind or number, or a class is not among those
  ///   predicted.
  public init(
    _ distribution: OutputDistribution, targets: Dataset.Targets
  ) throws(DatasetError) {
    switch (distribution, targets) {
    case (.classes(let distribution), .classes(let labels)):
      self = .classes(try ClassificationResult(distribution, labels: labels))
    case (.numbers(let distribution), .numbers(let numbers, _)):
      self = .numbers(try NumericResult(distribution, targets: numbers))
    case (.classes, .numbers):
      throw DatasetError(
        .mismatched, path: "",
        "the answers are numbers, and the network predicts classes; give the class of each example")
    case (.numbers, .classes):
      throw DatasetError(
        .mismatched, path: "",
        "the answers are classes, and the network predicts numbers; give the numbers of each example"
      )
    }
  }

  /// The result of a classifier; `nil` of numbers.
  public var classes: ClassificationResult? {
    if case .classes(let result) = self { result } else { nil }
  }

  /// The result of numbers; `nil` of a classifier.
  public var numbers: NumericResult? {
    if case .numbers(let result) = self { result } else { nil }
  }

  /// The number of examples.
  public var count: Int {
    switch self {
    case .classes(let result): result.count
    case .numbers(let result): result.count
    }
  }

  /// How wrong each prediction is: what a comparison of two networks on the same examples pairs.
  ///
  /// Of classes 1 where the prediction is wrong and 0 where it is right, so that the mean is the error rate; of
  /// numbers the squared error, the mean over the targets, so that the mean is the squared ``error``.
  public var losses: [Double] {
    switch self {
    case .classes(let result): result.isCorrect.map { $0 ? 0 : 1 }
    case .numbers(let result): result.squaredErrors
    }
  }

  /// What reports call the error: the fraction of wrong classes, 0…1, or the root mean squared error of numbers.
  public var error: Double {
    switch self {
    case .classes(let result): result.error
    case .numbers(let result): result.rootMeanSquaredError
    }
  }

  /// The 95 % confidence interval of ``error``.
  public var errorInterval: (low: Double, high: Double) {
    switch self {
    case .classes(let result): (result.errorInterval.low, result.errorInterval.high)
    case .numbers(let result): result.rootMeanSquaredErrorInterval
    }
  }

  /// −log p(answer) of each example, in nats (for each target); `nil` if the noise of numbers is not known.
  public var negativeLogLikelihoods: [Double]? {
    switch self {
    case .classes(let result): result.negativeLogLikelihoods
    case .numbers(let result): result.negativeLogLikelihoods
    }
  }

  /// Their mean; `nil` if the noise of numbers is not known.
  public var negativeLogLikelihood: Double? {
    switch self {
    case .classes(let result): result.negativeLogLikelihood
    case .numbers(let result): result.negativeLogLikelihood
    }
  }
}
