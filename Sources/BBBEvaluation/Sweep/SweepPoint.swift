/// What remains of a network at one sparsity: a row of every report.
///
/// In JSON each property has a key of its own, in snake case; missing values, and values that are not
/// finite, are `null`. The keys of what was not measured are left out.
public struct SweepPoint: Equatable, Sendable {
  /// The number of weights removed.
  public var removed: Int
  /// The largest value of the criterion among the weights removed; `nil` if none is removed, or each
  /// layer has its own.
  public var threshold: Double?
  /// 20 log₁₀ of the threshold; `nil` if there is none, it is 0, or the criterion is not a ratio.
  public var thresholdDecibels: Double?
  /// The pruned network, not quantised: what pruning alone does.
  public var pruned: MeasuredFile
  /// The file that an export writes by default when it is asked for this sparsity; `nil` if it was not measured.
  public var exported: MeasuredFile?
  /// The dense network of which as much was removed, without conditioning; `nil` if nothing is conditioned.
  ///
  /// Of the conditional criterion it is what |μ|/σ removes, or |μ| where there is no σ.
  public var cut: MeasuredFile?
  /// KL(unpruned ‖ pruned) of what ``pruned`` predicts for the same examples, in nats per example; `nil` if nothing is conditioned, or
  /// the noise of numbers is not known.
  public var divergence: Double?
  /// What the removals cost by the quadratic of the conditional order, in nats per example: the divergence is at least that; `nil`
  /// of other criteria.
  public var predictedDivergence: Double?
  /// What the Monte Carlo prediction of the pruned network scores on the same images; `nil` if none was made.
  public var monteCarlo: PredictionScores?
  /// What its prediction by moment propagation scores; `nil` if none was made.
  public var onePass: PredictionScores?
  /// The sparsity asked for, of the weights or of the hidden units: what an export has to be asked for to write
  /// ``exported``; `nil` if that is not known.
  public var sparsityAsked: Double?
  /// The number of hidden units kept; `nil` if weights were removed one by one.
  public var units: Int?
  /// How long a prediction by posterior means takes; `nil` if that was not measured.
  public var latency: Latency?
  /// Where the weights left are; `nil` if that was not recorded.
  public var structure: RemainingStructure?

  /// The fraction of the prunable weights that is removed from the pruned network, in 0...1.
  public var sparsity: Double { pruned.sparsity }
  /// The number of prunable weights that the pruned network keeps.
  public var kept: Int { pruned.kept }
  /// What the prediction by its means scores.
  public var scores: PredictionScores { pruned.scores }
  /// The number of images.
  public var images: Int { pruned.images }
  /// The number of images that it classifies wrongly; `nil` of numbers.
  public var errors: Int? { scores.errors }
  /// The fraction of images that it classifies wrongly, in 0...1, or the root mean squared error of numbers.
  public var error: Double { scores.error }
  /// Its mean negative log-likelihood, in nats; `nil` if the noise of numbers is not known.
  public var nll: Double? { scores.nll }
  /// Its expected calibration error, in 0...1; `nil` of numbers.
  public var ece: Double? { scores.ece }

  /// Creates a point.
  ///
  /// - Parameters:
  ///   - removed: The number of weights removed.
  ///   - threshold: The largest value of the criterion among the weights removed, if any.
  ///   - thresholdDecibels: 20 log₁₀ of the threshold, if the criterion is a ratio of amplitudes.
  ///   - pruned: The pruned network, not quantised.
  ///   - exported: The file that an export writes by default, if it was measured.
  public init(
    removed: Int, threshold: Double?, thresholdDecibels: Double?, pruned: MeasuredFile,
    exported: MeasuredFile? = nil
  ) {
    self.removed = removed
    self.threshold = threshold
    self.thresholdDecibels = thresholdDecibels
    self.pruned = pruned
    self.exported = exported
  }
}
