/// What one way of predicting scores on examples whose answers are known: the numbers that reports show.
///
/// What only classes have is `nil` of numbers, and the reverse.
public struct PredictionScores: Equatable, Sendable {
  /// The number of examples classified wrongly; `nil` of numbers.
  public var errors: Int?
  /// The fraction of examples classified wrongly, in 0...1, or the root mean squared error of numbers.
  public var error: Double
  /// The mean negative log-likelihood, in nats (of numbers for each target); `nil` if the noise of numbers is not
  /// known.
  public var nll: Double?
  /// The expected calibration error, in 0...1; `nil` of numbers.
  public var ece: Double?
  /// The Brier score, in 0...2; `nil` of numbers.
  public var brier: Double?
  /// The area under the risk–coverage curve, in 0...1: the mean error over all shares of refused examples; `nil` of
  /// numbers.
  public var riskArea: Double?
  /// The fraction of the targets in the intervals that are to hold 95 % of them; `nil` of classes, and if the noise is
  /// not known.
  public var coverage: Double?
  /// The mean width of these intervals; `nil` of classes, and if the noise is not known.
  public var intervalWidth: Double?
  /// How well the predictive entropy tells examples of another kind from these (``SeparationScore``);
  /// `nil` if none were given.
  public var auroc: Double?

  /// Whether numbers are predicted, and not classes.
  public var isNumeric: Bool { errors == nil }

  /// Takes the scores of an evaluation.
  ///
  /// - Parameter evaluation: What was measured.
  public init(_ evaluation: Evaluation) {
    self.init(evaluation.result, auroc: evaluation.outOfDistribution?.entropyArea)
  }

  /// Takes the scores of a comparison with the answers.
  ///
  /// - Parameters:
  ///   - result: How well the predictions fit.
  ///   - auroc: How well the predictive entropy tells examples of another kind, if any were given.
  public init(_ result: EvaluationResult, auroc: Double? = nil) {
    switch result {
    case .classes(let result): self.init(result, auroc: auroc)
    case .numbers(let result): self.init(result, auroc: auroc)
    }
  }

  /// Takes the scores of a comparison with labels.
  ///
  /// - Parameters:
  ///   - result: How well the predictions fit.
  ///   - auroc: How well the predictive entropy tells examples of another kind, if any were given.
  public init(_ result: ClassificationResult, auroc: Double? = nil) {
    errors = result.errors
    error = result.error
    nll = result.negativeLogLikelihood
    ece = result.expectedCalibrationError
    brier = result.brierScore
    riskArea = result.riskCoverage.area
    self.auroc = auroc
  }

  /// Takes the scores of a comparison with numbers.
  ///
  /// - Parameters:
  ///   - result: How well the predictions fit.
  ///   - auroc: How well the predictive entropy tells examples of another kind, if any were given.
  public init(_ result: NumericResult, auroc: Double? = nil) {
    error = result.rootMeanSquaredError
    nll = result.negativeLogLikelihood
    coverage = result.coverage
    intervalWidth = result.meanIntervalWidth
    self.auroc = auroc
  }
}
