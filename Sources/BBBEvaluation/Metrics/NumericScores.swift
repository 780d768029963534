import BBBInference

/// What one way of predicting numbers scores on examples: the numbers that reports show.
public struct NumericScores: Equatable, Sendable {
  /// √ of the mean squared difference of predicted means and targets.
  public var rmse: Double
  /// The mean negative log-likelihood of the targets, in nats for each; `nil` if the noise is not known.
  public var nll: Double?
  /// The fraction of the targets in the intervals that are to hold 95 % of them; `nil` if the noise is not known.
  public var coverage: Double?
  /// The mean width of these intervals; `nil` if the noise is not known.
  public var intervalWidth: Double?
  /// How well the predictive entropy tells examples of another kind from these (``SeparationScore``); `nil` if
  /// none were given.
  public var auroc: Double?

  /// Takes the scores of a comparison with targets.
  ///
  /// - Parameters:
  ///   - result: How well the predictions fit.
  ///   - auroc: How well the predictive entropy tells examples of another kind, if any were given.
  public init(_ result: NumericResult, auroc: Double? = nil) {
    rmse = result.rootMeanSquaredError
    nll = result.negativeLogLikelihood
    coverage = result.coverage
    intervalWidth = result.meanIntervalWidth
    self.auroc = auroc
  }
}
