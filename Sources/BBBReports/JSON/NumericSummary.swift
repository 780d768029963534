import BBBEvaluation
import BBBInference

/// The evaluation of a network that predicts numbers as reports show it: the numbers of the text and the JSON.
public struct NumericSummary: Encodable, Equatable, Sendable {
  /// The mean over examples and targets of each standard deviation (`NumericDistribution`).
  public struct Deviations: Encodable, Equatable, Sendable {
    /// That from the weights; `nil` if they are taken as certain.
    public var weights: Double?
    /// That of the noise; `nil` if it is not known.
    public var noise: Double?
    /// That of both; `nil` if the noise is not known.
    public var all: Double?
  }

  /// The number of examples.
  public var examples: Int
  /// The number of targets of each.
  public var targets: Int
  /// √ of the mean squared difference of predicted means and targets; `nil` where the network overflows.
  public var rmse: Double?
  /// The same of each target alone.
  public var targetRMSE: [Double?]
  /// The standard deviation of the targets: the error of the best constants.
  public var targetDeviation: Double?
  /// The mean negative log-likelihood, in nats for each target; `nil` if the noise is not known.
  public var nll: Double?
  /// The fraction of the targets in the intervals that are to hold 95 % of them; `nil` if the noise is not known.
  public var coverage: Double?
  /// The lower end of its 95 % confidence interval.
  public var coverageLow: Double?
  /// The upper end.
  public var coverageHigh: Double?
  /// The mean width of the intervals; `nil` if the noise is not known.
  public var intervalWidth: Double?
  /// How uncertain the predictions are.
  public var deviations: Deviations
  /// What the examples of another kind are called; `nil` if there are none.
  public var ood: String?
  /// How well predictive entropy tells them (``SeparationScore``).
  public var auroc: Double?
  /// How well mutual information tells them.
  public var mutualInformationAUROC: Double?

  enum CodingKeys: String, CodingKey {
    case examples, targets, rmse
    case targetRMSE = "target_rmse"
    case targetDeviation = "target_deviation"
    case nll, coverage
    case coverageLow = "coverage_low"
    case coverageHigh = "coverage_high"
    case intervalWidth = "interval_width"
    case deviations, ood, auroc
    case mutualInformationAUROC = "auroc_mutual_information"
  }

  /// Summarises an evaluation.
  ///
  /// - Parameters:
  ///   - result: How well the predictions fit the targets.
  ///   - distribution: What was predicted.
  ///   - others: How well examples of another kind are told, if any were given.
  public init(
    _ result: NumericResult, _ distribution: NumericDistribution,
    _ others: OutOfDistributionScore?
  ) {
    examples = result.count
    targets = result.targetCount
    rmse = result.rootMeanSquaredError.finite
    targetRMSE = result.rootMeanSquaredErrors.map(\.finite)
    targetDeviation = result.targetDeviation.finite
    nll = result.negativeLogLikelihood?.finite
    coverage = result.coverage?.finite
    coverageLow = result.coverageInterval?.low
    coverageHigh = result.coverageInterval?.high
    intervalWidth = result.meanIntervalWidth?.finite
    deviations = Deviations(
      weights: distribution.weightDeviations?.finiteMean,
      noise: distribution.noiseDeviations?.finiteMean, all: distribution.deviations?.finiteMean)
    ood = others?.name
    auroc = others?.entropyArea.finite
    mutualInformationAUROC = others?.mutualInformationArea.finite
  }
}
