import BBBConditioning
import BBBPosterior
import BBBPruning

/// One network of a sweep: a pruning, and what is to be done with it.
struct SweepJob: Sendable {
  /// The sparsity asked for: of the weights, or of the hidden units where these are removed as a whole.
  var sparsity: Double
  var pruning: Pruning
  /// What ranked the weights.
  var criterion: Criterion
  /// The number of hidden units left, if they were removed as a whole.
  var unitCount: Int?
  /// Whether the network is run on the dataset, or the unpruned one's results are its.
  var isRun = true

  /// What conditioning a network takes, in the units of ``cost``.
  static let conditioningCost = 5.0

  /// The work in arbitrary units: a fixed part, and one that grows with the weights left.
  var cost: Double { 0.05 + (isRun ? 1 - sparsity : 0) }
}

/// Which networks a sweep measures.
struct SweepPlan: Sendable {
  /// The networks; that without pruning comes last if it is no point, because every comparison needs it.
  let jobs: [SweepJob]
  /// How many of them are points.
  private let pointCount: Int
  /// The index of the network without pruning that is run.
  let unpruned: Int
  /// Each criterion, how many weights it ranks, and which points are its.
  let curves: [(criterion: Criterion, weightCount: Int, points: Range<Int>)]

  /// The networks that are points, curve by curve, by ascending sparsity.
  var points: [SweepJob] { Array(jobs.prefix(pointCount)) }

  /// Ranks and cuts.
  ///
  /// - Parameters:
  ///   - sweep: What is asked for.
  ///   - posterior: The network.
  /// - Throws: `PruningError`, `TensorFileError` or `PosteriorError`.
  init(_ sweep: Sweep, _ posterior: Posterior) throws {
    let sparsities = Set(sweep.sparsities).sorted()
    let rankings = try sweep.criteria.map {
      try Ranking(
        posterior, by: $0.beforeConditioning(of: posterior), includesBiases: sweep.prunesBiases,
        includesCertainWeights: sweep.prunesCertainWeights, threadCount: sweep.threadCount)
    }
    var jobs: [SweepJob] = []
    var curves: [(criterion: Criterion, weightCount: Int, points: Range<Int>)] = []
    for (ranking, criterion) in zip(rankings, sweep.criteria) {
      let first = jobs.count
      jobs +=
        sweep.prunesUnits
        ? try Self.jobs(UnitRanking(posterior, ranking), criterion, sparsities, sweep.scope)
        : zip(sparsities, try ranking.prunings(atSparsities: sparsities, scope: sweep.scope))
          .map { SweepJob(sparsity: $0, pruning: $1, criterion: criterion) }
      curves.append((criterion, ranking.count, first..<jobs.count))
    }
    pointCount = jobs.count
    unpruned = jobs.firstIndex { $0.sparsity == 0 } ?? pointCount
    if unpruned == pointCount {
      jobs.append(
        SweepJob(
          sparsity: 0, pruning: try rankings[0].pruning(atSparsity: 0, scope: sweep.scope),
          criterion: sweep.criteria[0]))
    }
    // Without pruning every criterion leaves the same network, which is run once.
    for index in jobs.indices where jobs[index].sparsity == 0 && index != unpruned {
      jobs[index].isRun = false
    }
    self.jobs = jobs
    self.curves = curves
  }

  /// The prunings of whole units, one for each number of units left.
  private static func jobs(
    _ ranking: UnitRanking, _ criterion: Criterion, _ sparsities: [Double], _ scope: Pruning.Scope
  ) throws -> [SweepJob] {
    let prunings = try ranking.prunings(atSparsities: sparsities, scope: scope)
    return prunings.enumerated().compactMap { index, units in
      // They ascend, so that equal ones follow each other.
      if index > 0, units.keptUnits == prunings[index - 1].keptUnits { return nil }
      return SweepJob(
        sparsity: sparsities[index], pruning: units.pruning, criterion: criterion,
        unitCount: units.keptCount)
    }
  }

  /// Whether a job is a point, and not only what points are compared with.
  func isPoint(_ index: Int) -> Bool { index < pointCount }
}
