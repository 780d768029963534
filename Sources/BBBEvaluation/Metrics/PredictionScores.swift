/// What one way of predicting scores on labelled examples: the numbers that reports show.
public struct PredictionScores: Equatable, Sendable {
  /// The number of examples classified wrongly.
  public var errors: Int
  /// The fraction of examples classified wrongly, in 0...1.
  public var error: Double
  /// The mean negative log-likelihood of the labels, in nats.
  public var nll: Double
  /// The expected calibration error, in 0...1.
  public var ece: Double
  /// The Brier score, in 0...2.
  public var brier: Double
  /// The area under the risk–coverage curve, in 0...1: the mean error over all shares of refused examples.
  public var riskArea: Double
  /// How well the predictive entropy tells examples of another kind from these (``SeparationScore``);
  /// `nil` if none were given.
  public var auroc: Double?

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
}
