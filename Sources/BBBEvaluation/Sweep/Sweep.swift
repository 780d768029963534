import BBBDatasets
import BBBInference
import BBBPosterior
import BBBPruning
import BBBTensors
import Synchronization

/// Measures what a network loses and what its file weighs as more of it is pruned.
///
/// Every point is measured on a real file: the network is pruned, made compact, encoded without
/// quantisation, read back from those bytes, and run on every example. On request, networks drawn
/// from what is left of the posterior are run too, and their predictions averaged.
public struct Sweep: Sendable {
  /// The sparsities of a sweep that names none.
  public static let defaultSparsities = [
    0, 0.25, 0.5, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995,
  ]

  /// The fractions of the prunable weights to remove, 0…1, in any order.
  ///
  /// One that is given several times is measured once.
  public var sparsities: [Double]
  /// What ranks the weights; at least one, and one curve each.
  public var criteria: [Criterion]
  /// Over what each sparsity is met.
  public var scope: Pruning.Scope
  /// Whether biases may be removed too.
  public var prunesBiases: Bool
  /// Whether hidden units are removed as a whole; sparsities are then fractions of the units, and those
  /// that remove the same units are measured once.
  public var prunesUnits = false
  /// How the files hold values.
  public var valueEncoding: ValueEncoding
  /// How many draws the Monte Carlo prediction of each point averages; 0 makes none.
  public var sampleCount: Int
  /// What determines the draws.
  public var seed: UInt64
  /// Whether each point is also predicted by moment propagation.
  public var propagatesMoments: Bool
  /// Examples of another kind, of which the network should be less certain; `nil` for none.
  public var outOfDistribution: UnlabelledExamples?
  /// Whether the time that predictions take is measured.
  public var measuresLatency: Bool
  /// Whether each point tells where the weights left are.
  public var recordsStructure = false
  /// How many threads share the work; the result does not depend on it.
  public var threadCount: Int

  /// Creates a sweep.
  ///
  /// - Parameters:
  ///   - sparsities: The fractions of the prunable weights to remove, 0…1, in any order; one that is
  ///     given several times is measured once.
  ///   - criteria: What ranks the weights; at least one, and one curve each.
  ///   - scope: Over what each sparsity is met.
  ///   - prunesBiases: Whether biases may be removed too.
  ///   - valueEncoding: How the files hold values.
  ///   - sampleCount: How many draws the Monte Carlo prediction of each point averages; 0 makes none.
  ///   - seed: What determines the draws.
  ///   - propagatesMoments: Whether each point is also predicted by moment propagation.
  ///   - outOfDistribution: Examples of another kind, of which the network should be less certain, if any.
  ///   - measuresLatency: Whether the time that predictions take is measured.
  ///   - threadCount: How many threads share the work; the result does not depend on it.
  public init(
    sparsities: [Double] = Sweep.defaultSparsities, criteria: [Criterion] = [.signalToNoiseRatio],
    scope: Pruning.Scope = .global, prunesBiases: Bool = false,
    valueEncoding: ValueEncoding = .float32, sampleCount: Int = 0, seed: UInt64 = 0,
    propagatesMoments: Bool = false, outOfDistribution: UnlabelledExamples? = nil,
    measuresLatency: Bool = false, threadCount: Int = 1
  ) {
    precondition(sampleCount >= 0, "a number of draws is not negative")
    self.sparsities = sparsities
    self.criteria = criteria
    self.scope = scope
    self.prunesBiases = prunesBiases
    self.valueEncoding = valueEncoding
    self.sampleCount = sampleCount
    self.seed = seed
    self.propagatesMoments = propagatesMoments
    self.outOfDistribution = outOfDistribution
    self.measuresLatency = measuresLatency
    self.threadCount = threadCount
  }

  /// Measures every criterion at every sparsity.
  ///
  /// - Parameters:
  ///   - posterior: A multilayer perceptron.
  ///   - dataset: Labelled examples.
  ///   - progress: Called now and then, from any thread, with the fraction of the work done, 0…1.
  /// - Returns: One curve per criterion, in the order of ``criteria``; points by ascending sparsity,
  ///   one for each that ``sparsities`` holds.
  /// - Throws: `PruningError`, such as `sparsityOutOfRange` before anything is measured;
  ///   `TensorFileError`, `PosteriorError`, `DatasetError` or `CompactModelError`.
  public func run(
    _ posterior: Posterior, on dataset: Dataset,
    progress: @Sendable (Double) -> Void = { _ in }
  ) throws -> [SweepCurve] {
    precondition(!criteria.isEmpty, "a sweep needs at least one criterion")
    if let sparsity = sparsities.first(where: { !(0...1 ~= $0) }) {
      throw PruningError.sparsityOutOfRange(sparsity)
    }
    let gaussian =
      sampleCount > 0 || propagatesMoments ? try GaussianNetwork(posterior) : nil
    let network = try gaussian?.means ?? MeanNetwork(posterior)
    try dataset.checkInputs(inputCount: network.inputCount)
    guard network.output.isClassification else {
      throw PruningError.notRunnable(
        path: posterior.path, reason: "it predicts numbers, and a sweep counts errors of classes")
    }
    try dataset.checkTargets(for: network.output, outputCount: network.outputCount)
    try outOfDistribution?.checkInputs(inputCount: network.inputCount)
    let sparsities = Set(sparsities).sorted()
    let rankings = try criteria.map {
      try Ranking(
        posterior, by: $0, includesBiases: prunesBiases, threadCount: threadCount)
    }
    let jobsOfRankings: [[Job]] = try rankings.map { try distinctJobs(posterior, $0, sparsities) }
    var jobs = Array(jobsOfRankings.joined())
    let pointCount = jobs.count
    // Every p-value needs the unpruned network, asked for or not.
    let unprunedIndex = jobs.firstIndex { $0.sparsity == 0 } ?? pointCount
    if unprunedIndex == pointCount {
      jobs.append(
        Job(sparsity: 0, pruning: try rankings[0].pruning(atSparsity: 0, scope: scope)))
    }
    // Without pruning every criterion leaves the same network, which is run once.
    for index in jobs.indices where jobs[index].sparsity == 0 && index != unprunedIndex {
      jobs[index].isRun = false
    }
    let totalCost =
      jobs.reduce(0) { $0 + $1.cost }
      + jobs.prefix(pointCount).reduce(0) { $0 + $1.cost * Double(predictionCount) }
    let doneCost = Mutex(0.0)
    @Sendable func advance(by cost: Double) {
      let done = doneCost.withLock { done in
        done += cost
        return done
      }
      progress(min(1, done / totalCost))
    }
    let measurements = try measure(jobs, network, dataset, advance)
    let structures =
      recordsStructure
      ? jobs.prefix(pointCount).map { RemainingStructure($0.pruning, of: posterior) } : []
    guard let unpruned = measurements[unprunedIndex].evaluation else {
      preconditionFailure("the unpruned network is run")
    }
    let predictions =
      try gaussian.map { try predict(jobs.prefix(pointCount), $0, dataset, advance) }
    let points = measurements.prefix(pointCount).enumerated().map { index, measurement in
      var point = measurement.point(
        comparedWith: unpruned, denseByteCount: network.denseByteCount)
      point.monteCarlo = predictions?[index].monteCarlo
      point.onePass = predictions?[index].onePass
      if recordsStructure { point.structure = structures[index] }
      // One after the other, when nothing else runs.
      point.latency = measurement.model.map { Latency(of: $0, on: dataset) }
      return point
    }
    var first = 0
    return zip(rankings, jobsOfRankings).map { ranking, ownJobs in
      defer { first += ownJobs.count }
      return SweepCurve(
        checkpoint: posterior.path, convention: posterior.convention.name,
        criterion: ranking.criterion.name, dataset: dataset.name, weights: ranking.count,
        samples: sampleCount > 0 ? sampleCount : nil, seed: sampleCount > 0 ? seed : nil,
        ood: outOfDistribution?.name,
        points: Array(points[first..<first + ownJobs.count]))
    }
  }

  private struct Job: Sendable {
    var sparsity: Double
    var pruning: Pruning
    /// The number of hidden units left, if they were removed as a whole.
    var unitCount: Int?
    /// Whether the network is run on the dataset, or the unpruned one's result is its.
    var isRun = true

    /// The work in arbitrary units: a fixed part, and one that grows with the weights left.
    var cost: Double { 0.05 + (isRun ? 1 - sparsity : 0) }
  }

  private func distinctJobs(
    _ posterior: Posterior, _ ranking: Ranking, _ sparsities: [Double]
  ) throws -> [Job] {
    guard prunesUnits else {
      return zip(sparsities, try ranking.prunings(atSparsities: sparsities, scope: scope)).map {
        Job(sparsity: $0, pruning: $1)
      }
    }
    let prunings = try UnitRanking(posterior, ranking)
      .prunings(atSparsities: sparsities, scope: scope)
    var jobs: [Job] = []
    for (index, units) in prunings.enumerated() {
      // They ascend, so that equal ones follow each other.
      if index > 0, units.keptUnits == prunings[index - 1].keptUnits { continue }
      jobs.append(
        Job(
          sparsity: sparsities[index], pruning: units.pruning, unitCount: units.keptCount))
    }
    return jobs
  }

  /// How often a point is predicted beside the prediction by its means; moments are three passes.
  private var predictionCount: Int { sampleCount + (propagatesMoments ? 3 : 0) }

  private func measure(
    _ jobs: [Job], _ network: MeanNetwork, _ dataset: Dataset,
    _ advance: @Sendable (Double) -> Void
  ) throws -> [Measurement] {
    let results = parallelMap(count: jobs.count, threadCount: threadCount) {
      index -> Result<Measurement, any Error> in
      defer { advance(jobs[index].cost) }
      return Result { try measure(jobs[index], network, dataset) }
    }
    return try results.map { try $0.get() }
  }

  private func measure(
    _ job: Job, _ network: MeanNetwork, _ dataset: Dataset
  ) throws -> Measurement {
    let export = try network.exported(job.pruning, valuesAs: valueEncoding)
    return Measurement(
      sparsity: job.unitCount == nil ? job.sparsity : job.pruning.sparsity,
      pruning: job.pruning, unitCount: job.unitCount,
      evaluation: job.isRun
        ? try export.model.evaluation(
          on: dataset, against: outOfDistribution, by: .posteriorMean) : nil,
      model: measuresLatency ? export.model : nil, byteCount: export.file.count)
  }

  /// What the weights' uncertainty makes of the predictions at one point.
  private struct Prediction {
    var monteCarlo: PredictionScores?
    var onePass: PredictionScores?
  }

  /// The predictions at each point, one after the other: threads share the work of one.
  private func predict(
    _ jobs: ArraySlice<Job>, _ network: GaussianNetwork, _ dataset: Dataset,
    _ advance: @Sendable (Double) -> Void
  ) throws -> [Prediction] {
    // Without pruning every criterion leaves the same network.
    var unpruned: Prediction?
    return try jobs.map { job in
      if job.sparsity == 0, let unpruned {
        advance(job.cost * Double(predictionCount))
        return unpruned
      }
      let prediction = try predict(network.pruned(by: job.pruning), dataset) { advance(job.cost) }
      if job.sparsity == 0 { unpruned = prediction }
      return prediction
    }
  }

  private func predict(
    _ posterior: PrunedPosterior, _ dataset: Dataset, _ advance: @Sendable () -> Void
  ) throws -> Prediction {
    var prediction = Prediction()
    if sampleCount > 0 {
      prediction.monteCarlo =
        EvaluationScores(
          try posterior.evaluation(
            on: dataset, against: outOfDistribution, sampleCount: sampleCount, seed: seed,
            threadCount: threadCount, progress: advance)
        ).classes
    }
    if propagatesMoments {
      prediction.onePass =
        EvaluationScores(
          try posterior.compacted().evaluation(
            on: dataset, against: outOfDistribution, by: .momentPropagation,
            threadCount: threadCount)
        ).classes
      for _ in sampleCount..<predictionCount { advance() }
    }
    return prediction
  }
}

/// One pruned network's outcome, before it is compared with the unpruned one.
private struct Measurement: Sendable {
  var sparsity: Double
  var pruning: Pruning
  /// The number of hidden units left, if they were removed as a whole.
  var unitCount: Int?
  /// `nil` for a network that is the unpruned one.
  var evaluation: Evaluation?
  /// The model that the file gives, if its latency is to be measured.
  var model: CompactModel?
  var byteCount: Int

  func point(comparedWith unpruned: Evaluation, denseByteCount: Int) -> SweepPoint {
    let evaluation = evaluation ?? unpruned
    guard let result = evaluation.result.classes, let reference = unpruned.result.classes else {
      preconditionFailure("the labels were checked")
    }
    var point = SweepPoint(
      sparsity: sparsity, removed: pruning.removedCount, kept: pruning.keptCount,
      threshold: pruning.threshold, thresholdDecibels: pruning.thresholdDecibels,
      result: result, unpruned: reference,
      auroc: evaluation.outOfDistribution?.entropyArea, bytes: byteCount,
      denseByteCount: denseByteCount)
    point.units = unitCount
    return point
  }
}
