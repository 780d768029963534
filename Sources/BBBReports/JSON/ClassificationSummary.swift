import BBBEvaluation
import BBBInference

/// The evaluation of a classifier as reports show it: the numbers of the text and the JSON.
public struct ClassificationSummary: Encodable, Equatable, Sendable {
  /// A bin of the reliability diagram.
  public struct ReliabilityBin: Encodable, Equatable, Sendable {
    /// The confidences in the bin: above `low`, up to `high`.
    public var low: Double
    /// See `low`.
    public var high: Double
    /// The number of predictions.
    public var count: Int
    /// Their mean confidence; `nil` in an empty bin.
    public var confidence: Double?
    /// The fraction of them that is right; `nil` in an empty bin.
    public var accuracy: Double?
  }

  /// The error when only the most certain examples are answered.
  public struct RiskPoint: Encodable, Equatable, Sendable {
    /// The fraction of examples answered.
    public var coverage: Double
    /// The fraction of these that is wrong.
    public var error: Double?
  }

  /// The mean of each part of the examples' uncertainty, in nats (``PredictiveDistribution``).
  public struct Uncertainty: Encodable, Equatable, Sendable {
    /// The mean predictive entropy.
    public var entropy: Double?
    /// The mean of its aleatoric part.
    public var aleatoric: Double?
    /// The mean mutual information of class and weights.
    public var mutualInformation: Double?

    enum CodingKeys: String, CodingKey {
      case entropy, aleatoric
      case mutualInformation = "mutual_information"
    }
  }

  /// The number of examples classified wrongly.
  public var errors: Int
  /// The number of examples.
  public var images: Int
  /// The fraction classified wrongly.
  public var error: Double
  /// The lower end of its 95 % confidence interval.
  public var errorLow: Double
  /// The upper end.
  public var errorHigh: Double
  /// The mean negative log-likelihood, in nats.
  public var nll: Double?
  /// The Brier score.
  public var brier: Double?
  /// The expected calibration error.
  public var ece: Double?
  /// The bins that it is the mean of.
  public var reliability: [ReliabilityBin]
  /// Of two classes, how well the probability of class 1 tells those that have it (``SeparationScore``).
  public var classSeparation: Double?
  /// The area under the risk–coverage curve.
  public var aurc: Double?
  /// Points of the risk–coverage curve.
  public var riskCoverage: [RiskPoint]
  /// The mean uncertainty of the examples.
  public var uncertainty: Uncertainty
  /// What the examples of another kind are called; `nil` if there are none.
  public var ood: String?
  /// How well predictive entropy tells them (``SeparationScore``).
  public var auroc: Double?
  /// How well mutual information tells them.
  public var mutualInformationAUROC: Double?

  enum CodingKeys: String, CodingKey {
    case errors, images, error
    case errorLow = "error_low"
    case errorHigh = "error_high"
    case nll, brier, ece, reliability, aurc
    case classSeparation = "class_auroc"
    case riskCoverage = "risk_coverage"
    case uncertainty, ood, auroc
    case mutualInformationAUROC = "auroc_mutual_information"
  }

  /// The coverages at which the risk is reported.
  public static let coverages = [1, 0.99, 0.98, 0.95, 0.9, 0.8, 0.5]

  /// Summarises an evaluation.
  ///
  /// - Parameters:
  ///   - result: How well the predictions fit the labels.
  ///   - distribution: What was predicted.
  ///   - others: How well examples of another kind are told, if any were given.
  public init(
    _ result: ClassificationResult, _ distribution: PredictiveDistribution,
    _ others: OutOfDistributionScore?
  ) {
    errors = result.errors
    images = result.count
    error = result.error
    errorLow = result.errorInterval.low
    errorHigh = result.errorInterval.high
    nll = result.negativeLogLikelihood.finite
    brier = result.brierScore.finite
    ece = result.expectedCalibrationError.finite
    let binCount = Double(ReliabilityDiagram.binCount)
    reliability = result.reliability.bins.enumerated().map { index, bin in
      ReliabilityBin(
        low: Double(index) / binCount, high: Double(index + 1) / binCount, count: bin.count,
        confidence: bin.confidence.finite, accuracy: bin.accuracy.finite)
    }
    aurc = result.riskCoverage.area.finite
    riskCoverage = Self.coverages.map {
      RiskPoint(coverage: $0, error: result.riskCoverage.risk(atCoverage: $0).finite)
    }
    classSeparation = result.classSeparation?.finite
    uncertainty = Uncertainty(
      entropy: distribution.predictiveEntropies.finiteMean,
      aleatoric: distribution.aleatoricEntropies.finiteMean,
      mutualInformation: distribution.mutualInformations.finiteMean)
    ood = others?.name
    auroc = others?.entropyArea.finite
    mutualInformationAUROC = others?.mutualInformationArea.finite
  }
}
