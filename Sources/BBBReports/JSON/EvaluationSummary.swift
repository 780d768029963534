import BBBEvaluation

/// An evaluation as reports show it; in JSON the keys of the one or the other.
public enum EvaluationSummary: Encodable, Equatable, Sendable {
  /// Of a classifier.
  case classes(ClassificationSummary)
  /// Of a network that predicts numbers.
  case numbers(NumericSummary)

  /// Summarises an evaluation.
  ///
  /// - Parameter evaluation: What was measured.
  public init(_ evaluation: Evaluation) {
    let others = evaluation.outOfDistribution
    switch (evaluation.result, evaluation.distribution) {
    case (.classes(let result), .classes(let distribution)):
      self = .classes(ClassificationSummary(result, distribution, others))
    case (.numbers(let result), .numbers(let distribution)):
      self = .numbers(NumericSummary(result, distribution, others))
    default: preconditionFailure("an evaluation compares predictions with answers of their kind")
    }
  }

  /// Encodes what is summarised.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .classes(let summary): try summary.encode(to: encoder)
    case .numbers(let summary): try summary.encode(to: encoder)
    }
  }
}

extension [Double] {
  /// The mean; `nil` if it is not finite, as reports show it.
  var finiteMean: Double? { (reduce(0, +) / Double(count)).finite }
}
