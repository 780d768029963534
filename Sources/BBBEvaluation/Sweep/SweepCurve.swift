/// Error and file size against sparsity, for one checkpoint and one criterion.
public struct SweepCurve: Equatable, Sendable {
  /// The checkpoint, as the user named it.
  public var checkpoint: String
  /// The library whose naming and parametrisation the checkpoint follows.
  public var convention: String
  /// What the weights were ranked by.
  public var criterion: String
  /// The name of the dataset.
  public var dataset: String
  /// The number of prunable weights.
  public var weights: Int
  /// By how much the error may rise for a pruned network to take the unpruned one's place, as a fraction of the
  /// examples, or of the unpruned network's root mean squared error.
  public var tolerance: Double
  /// How many draws each Monte Carlo prediction averages; `nil` if none was made.
  public var samples: Int?
  /// What determined the draws; `nil` if none was made.
  public var seed: UInt64?
  /// The examples of another kind that the network should be unsure of; `nil` if none were given.
  public var ood: String?
  /// The examples that pruned networks were conditioned on; `nil` if they were not.
  public var calibration: Calibration?
  /// What is taken for granted about the network, since nothing in the file says so; empty if all is said.
  public var assumptions: [String]
  /// The measurements, by ascending sparsity.
  public var points: [SweepPoint]

  /// Unlabelled examples that were looked at.
  public struct Calibration: Equatable, Sendable {
    /// What they are called.
    public var name: String
    /// How many there were.
    public var count: Int

    /// Tells of examples.
    ///
    /// - Parameters:
    ///   - name: What they are called.
    ///   - count: How many there were.
    public init(name: String, count: Int) {
      self.name = name
      self.count = count
    }
  }

  /// Creates a curve.
  ///
  /// - Parameters:
  ///   - checkpoint: The checkpoint, as the user named it.
  ///   - convention: The library whose naming and parametrisation the checkpoint follows.
  ///   - criterion: What the weights were ranked by.
  ///   - dataset: The name of the dataset.
  ///   - weights: The number of prunable weights.
  ///   - tolerance: By how much the error may rise, as a fraction of the examples, by default 0.002, or what few
  ///     examples can show; of numbers, as a fraction of the unpruned error, by default 0.02.
  ///   - samples: How many draws each Monte Carlo prediction averages, if any was made.
  ///   - seed: What determined the draws.
  ///   - ood: What the examples of another kind are called, if any were given.
  ///   - assumptions: What is taken for granted about the network, one sentence's part each.
  ///   - points: The measurements, in any order; they are sorted by sparsity.
  public init(
    checkpoint: String, convention: String, criterion: String, dataset: String, weights: Int,
    tolerance: Double? = nil, samples: Int? = nil, seed: UInt64? = nil, ood: String? = nil,
    assumptions: [String] = [], points: [SweepPoint]
  ) {
    self.checkpoint = checkpoint
    self.convention = convention
    self.criterion = criterion
    self.dataset = dataset
    self.weights = weights
    self.tolerance =
      tolerance
      ?? SweepJudgement.defaultTolerance(
        among: points.first?.pruned.images ?? 0,
        isNumeric: points.first?.scores.isNumeric ?? false)
    self.samples = samples
    self.seed = seed
    self.ood = ood
    self.assumptions = assumptions
    self.points = points.sorted { $0.sparsity < $1.sparsity }
  }
}

extension SweepCurve {
  /// The measurement of the network with all its weights, if the sweep has one.
  public var unpruned: SweepPoint? { points.first { $0.removed == 0 } }

  /// Which of its networks can take the unpruned one's place.
  package var judgement: SweepJudgement { SweepJudgement(tolerance: tolerance) }

  /// Whether the files that an export writes by default were measured.
  package var hasExports: Bool { points.contains { $0.exported != nil } }

  /// Whether hidden units were removed as a whole.
  package var hasUnits: Bool { points.contains { $0.units != nil } }

  /// Whether numbers are predicted, and not classes.
  package var isNumeric: Bool { points.contains { $0.scores.isNumeric } }

  /// Whether a point's error is significantly higher than the unpruned network's (exact McNemar
  /// test, p < 0.05; of numbers, the whole 95 % interval of its rise above 0).
  package func isSignificantlyWorse(_ point: SweepPoint) -> Bool {
    guard let pValue = point.pruned.pValue else { return point.pruned.errorIncrease.low > 0 }
    guard pValue < 0.05 else { return false }
    return unpruned.map { point.error > $0.error } ?? true
  }
}
