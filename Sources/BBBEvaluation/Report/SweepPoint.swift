/// What remains of a network at one sparsity: a row of every report.
///
/// In JSON each property has a key of its own, in snake case; missing values, and values that are not
/// finite, are `null`. The keys of what was not measured are left out.
public struct SweepPoint: Equatable, Sendable {
  /// The fraction of the prunable weights that is removed, in 0...1.
  public var sparsity: Double
  /// The number of weights removed.
  public var removed: Int
  /// The number of prunable weights kept.
  public var kept: Int
  /// The largest value of the criterion among the weights removed; `nil` if none is removed, or each
  /// layer has its own.
  public var threshold: Double?
  /// 20 log₁₀ of the threshold; `nil` if there is none, it is 0, or the criterion is not a ratio.
  public var thresholdDecibels: Double?
  /// What the prediction by posterior means scores.
  public var scores: PredictionScores
  /// The number of images classified.
  public var images: Int
  /// The lower end of the 95 % confidence interval of `error`.
  public var errorLow: Double
  /// The upper end of the 95 % confidence interval of `error`.
  public var errorHigh: Double
  /// What the Monte Carlo prediction scores on the same images; `nil` if none was made.
  public var monteCarlo: PredictionScores?
  /// What the prediction by moment propagation scores; `nil` if none was made.
  public var onePass: PredictionScores?
  /// The p-value of the exact McNemar test against the unpruned network; 1 for that network itself.
  public var pValue: Double
  /// The size of the model file in bytes.
  public var bytes: Int
  /// How many times larger all weights and biases are as dense float32.
  public var ratio: Double
  /// The number of hidden units kept; `nil` if weights were removed one by one.
  public var units: Int?

  /// How long a prediction by posterior means takes; `nil` if that was not measured.
  public var latency: Latency?
  /// Where the weights left are; `nil` if that was not recorded.
  public var structure: RemainingStructure?

  /// The number of images that the posterior means classify wrongly.
  public var errors: Int { scores.errors }
  /// The fraction of images that they classify wrongly, in 0...1.
  public var error: Double { scores.error }
  /// Their mean negative log-likelihood of the labels, in nats.
  public var nll: Double { scores.nll }
  /// Their expected calibration error, in 0...1.
  public var ece: Double { scores.ece }

  /// Creates a point from the measurements of a pruned network.
  ///
  /// - Parameters:
  ///   - sparsity: The fraction of the prunable weights that is removed, in 0...1.
  ///   - removed: The number of weights removed.
  ///   - kept: The number of prunable weights kept.
  ///   - threshold: The largest value of the criterion among the weights removed, if any.
  ///   - thresholdDecibels: 20 log₁₀ of the threshold, if the criterion is a ratio of amplitudes.
  ///   - result: How well the network does.
  ///   - unpruned: How well the unpruned network does on the same examples.
  ///   - auroc: How well the network's predictive entropy tells examples of another kind, if any were given.
  ///   - bytes: The size of the model file.
  ///   - denseByteCount: The size of all weights and biases as dense float32.
  public init(
    sparsity: Double, removed: Int, kept: Int, threshold: Double?, thresholdDecibels: Double?,
    result: ClassificationResult, unpruned: ClassificationResult,
    auroc: Double? = nil, bytes: Int, denseByteCount: Int
  ) {
    let interval = result.errorInterval
    self.sparsity = sparsity
    self.removed = removed
    self.kept = kept
    self.threshold = threshold
    self.thresholdDecibels = thresholdDecibels
    scores = PredictionScores(result, auroc: auroc)
    images = result.count
    errorLow = interval.low
    errorHigh = interval.high
    pValue =
      McNemarTest(isCorrectFirst: unpruned.isCorrect, isCorrectSecond: result.isCorrect).pValue
    self.bytes = bytes
    ratio = Double(denseByteCount) / Double(bytes)
  }
}
