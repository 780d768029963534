import BBBConditioning
import BBBDatasets
import BBBInference
import BBBPosterior
import BBBPruning

/// Measures what a network loses and what its file weighs as more of it is pruned.
///
/// Every point is measured on real files, read back from their bytes and run on every example: the pruned network
/// without quantisation, which shows what pruning alone does, and the file that an export writes by default when
/// it is asked for the same sparsity. On request, networks drawn from what is left of the posterior are run too, and
/// their predictions averaged.
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
  /// Whether criteria that do not ask for σ may remove weights of ordinary layers beside Bayesian ones.
  public var prunesCertainWeights = false
  /// Whether hidden units are removed as a whole; sparsities are then fractions of the units, and those
  /// that remove the same units are measured once.
  public var prunesUnits = false
  /// How the files that are not quantised hold values.
  public var valueEncoding: ValueEncoding
  /// By how much the error may rise for a pruned network to take the unpruned one's place, as a fraction of the
  /// examples; `nil` for 0.002, or what few examples can show.
  public var tolerance: Double?
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
  /// What conditions each pruned network on what was removed; `nil` to leave what remains as it is.
  public var conditioning: SweepConditioning?
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
  ///   - valueEncoding: How the files that are not quantised hold values.
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
  /// - Throws: `PruningError`, such as `invalidOption`, before anything is measured;
  ///   `TensorFileError`, `PosteriorError`, `DatasetError` or `CompactModelError`.
  public func run(
    _ posterior: Posterior, on dataset: Dataset,
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> [SweepCurve] {
    try check()
    let network = try DenseNetwork(posterior)
    try dataset.checkInputs(inputCount: network.inputCount)
    try dataset.checkTargets(
      for: network.output, outputCount: network.outputCount)
    try outOfDistribution?.checkInputs(inputCount: network.inputCount)
    let plan = try SweepPlan(self, posterior)
    let work = SweepProgress(
      total: plan.jobs.reduce(0) {
        $0 + $1.cost + (conditioning == nil ? 0 : SweepJob.conditioningCost)
      }
        + plan.points.reduce(0) {
          $0 + $1.cost * Double(predictionCount)
        }, report: progress)
    let measurement = try SweepMeasurement(
      networks: SweepNetworks(self, posterior, network), denseByteCount: network.denseByteCount,
      dataset: dataset, outOfDistribution: outOfDistribution,
      valueEncoding: valueEncoding, exportStorage: .standard(for: posterior),
      keepsModels: measuresLatency)
    var unpruned: Prediction?
    let outcomes = try measurement.outcomes(of: plan, threadCount: threadCount, work) { prepared in
      let prediction = try predict(prepared, dataset, unpruned: unpruned, work)
      if prepared.job.sparsity == 0 { unpruned = prediction }
      return prediction
    }
    let points = try measurement.points(outcomes, of: plan).map { measured in
      var point = measured.point
      if recordsStructure {
        point.structure = RemainingStructure(measured.job.pruning, of: posterior)
      }
      // One after the other, when nothing else runs.
      point.latency = try measured.model.map { try Latency(of: $0, on: dataset) }
      return point
    }
    return plan.curves.map { criterion, weightCount, range in
      var curve = SweepCurve(
        checkpoint: posterior.path, convention: posterior.convention.name,
        criterion: criterion.name, dataset: dataset.name, weights: weightCount,
        tolerance: tolerance
          ?? SweepJudgement.defaultTolerance(
            among: dataset.count, isNumeric: !network.output.isClassification),
        samples: sampleCount > 0 ? sampleCount : nil, seed: sampleCount > 0 ? seed : nil,
        ood: outOfDistribution?.name, assumptions: posterior.assumptions.map(\.text),
        points: Array(points[range]))
      curve.calibration = conditioning.map {
        SweepCurve.Calibration(name: $0.name, count: $0.conditioner.exampleCount)
      }
      return curve
    }
  }

  private func check() throws(PruningError) {
    if let sparsity = sparsities.first(where: { !(0...1 ~= $0) }) {
      throw .sparsityOutOfRange(sparsity)
    }
    guard !criteria.isEmpty else {
      throw PruningError(
        .invalidOption,
        "there is no criterion to sweep by; give at least one, such as .signalToNoiseRatio")
    }
    guard conditioning != nil || !criteria.contains(.conditional) else {
      throw PruningError(
        .invalidOption,
        "the conditional criterion looks at inputs; give examples to calibrate by (--calibrate)")
    }
    guard !criteria.contains(.conditional) || !prunesUnits && !prunesBiases else {
      throw PruningError(
        .invalidOption,
        "the conditional criterion ranks single weights, no units or biases; choose another criterion"
      )
    }
    guard sampleCount >= 0 else {
      throw PruningError(
        .invalidOption, "\(sampleCount) draws cannot be made; give their number, or 0 for none")
    }
    if let tolerance, !(0 < tolerance && tolerance <= 1) {
      throw PruningError(
        .invalidOption,
        "a tolerance of \(tolerance) is no fraction; give one above 0 and at most 1, such as 0.002")
    }
  }

  /// How often a point is predicted beside the prediction by its means; moments are three passes.
  private var predictionCount: Int { sampleCount + (propagatesMoments ? 3 : 0) }

  /// What the weights' uncertainty makes of the predictions at one point.
  struct Prediction: Sendable {
    var monteCarlo: PredictionScores?
    var onePass: PredictionScores?
  }

  /// The predictions at a point: threads share the work of one.
  ///
  /// Without pruning every criterion leaves the same network, which is predicted once.
  private func predict(
    _ prepared: SweepNetworks.Prepared, _ dataset: Dataset, unpruned: Prediction?,
    _ work: SweepProgress
  ) throws -> Prediction {
    guard predictionCount > 0 else { return Prediction() }
    let job = prepared.job
    if job.sparsity == 0, let unpruned {
      work.advance(by: job.cost * Double(predictionCount))
      return unpruned
    }
    return try predict(prepared.network.pruned(by: job.pruning), dataset) {
      work.advance(by: job.cost)
    }
  }

  private func predict(
    _ posterior: PrunedPosterior, _ dataset: Dataset, _ advance: @Sendable () -> Void
  ) throws -> Prediction {
    var prediction = Prediction()
    if sampleCount > 0 {
      prediction.monteCarlo = try PredictionScores(
        posterior.evaluation(
          on: dataset, against: outOfDistribution, sampleCount: sampleCount, seed: seed,
          threadCount: threadCount, progress: advance))
    }
    if propagatesMoments {
      prediction.onePass = try PredictionScores(
        posterior.compacted().evaluation(
          on: dataset, against: outOfDistribution, by: .momentPropagation,
          threadCount: threadCount))
      for _ in sampleCount..<predictionCount { advance() }
    }
    return prediction
  }
}
