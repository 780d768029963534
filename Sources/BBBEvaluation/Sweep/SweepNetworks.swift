import BBBConditioning
import BBBPosterior
import BBBPruning

/// The networks of a sweep's jobs: the dense one, or one whose weights have taken over what was removed.
struct SweepNetworks: Sendable {
  /// A job, and the network that it prunes.
  struct Prepared: Sendable {
    /// The job; its pruning is that of the network.
    var job: SweepJob
    let network: DenseNetwork
    let exporter: ModelExporter
    /// What the criterion removes of the dense network as it is; `nil` if the network is that one.
    var cut: Pruning?
    /// The file that an export writes by default, if it is not the exporter that makes it.
    var exported: ModelExport?
    /// What removing costs by the quadratic of a conditional order, in nats per example.
    var predictedDivergence: Double?
  }

  /// Of the dense network.
  let exporter: ModelExporter
  private let network: DenseNetwork
  private let conditioning: SweepConditioning?
  /// For each criterion.
  private let prunings: [Criterion: ConditionedPruning]
  private let prunesUnits: Bool

  /// Whether networks are conditioned one by one, each with all threads.
  var isConditioning: Bool { conditioning != nil }

  /// - Parameters:
  ///   - sweep: What is asked for.
  ///   - posterior: The posterior.
  ///   - network: Its dense network.
  /// - Throws: `PosteriorError` or `CompactModelError`.
  init(_ sweep: Sweep, _ posterior: Posterior, _ network: DenseNetwork) throws {
    self.network = network
    conditioning = sweep.conditioning
    prunesUnits = sweep.prunesUnits
    exporter = try ModelExporter(network, calibration: sweep.conditioning?.comparison)
    var prunings: [Criterion: ConditionedPruning] = [:]
    if let conditioning = sweep.conditioning {
      for criterion in sweep.criteria {
        prunings[criterion] = try ConditionedPruning(
          conditioning.conditioner, posterior, by: criterion, preCut: conditioning.preCut,
          scope: sweep.scope, keepsNoise: conditioning.keepsNoise,
          includesBiases: sweep.prunesBiases,
          includesCertainWeights: sweep.prunesCertainWeights, threadCount: sweep.threadCount)
      }
    }
    self.prunings = prunings
  }

  /// The network of a job.
  ///
  /// - Parameters:
  ///   - job: The job; its pruning is what the criterion removes of the dense network as it is.
  ///   - isExported: Whether the file is wanted that an export writes by default.
  ///   - progress: Is called with the fraction of a search that is done, from any thread.
  /// - Returns: The network.
  /// - Throws: `ConditioningError`, `PruningError`, `PosteriorError` or `CompactModelError`.
  func prepared(
    _ job: SweepJob, isExported: Bool, progress: @escaping @Sendable (Double) -> Void
  ) throws -> Prepared {
    guard let conditioning, let pruning = prunings[job.criterion] else {
      return Prepared(job: job, network: network, exporter: exporter)
    }
    let conditioner = conditioning.conditioner
    let exported =
      !isExported
      ? nil
      : prunesUnits
        ? try conditioner.rounded(after: job.pruning).export
        : try pruning.rounded(atSparsity: job.sparsity) { progress(0.5 + 0.5 * $0) }.export
    guard job.sparsity > 0 else {
      return Prepared(job: job, network: network, exporter: exporter, exported: exported)
    }
    let conditioned =
      prunesUnits
      ? try conditioner.conditioned(by: job.pruning, keepingNoise: conditioning.keepsNoise)
      : try pruning.network(atSparsity: job.sparsity) { progress(0.5 * $0) }
    var own = job
    own.pruning = conditioned.pruning
    return Prepared(
      job: own, network: conditioned.network,
      exporter: try ModelExporter(conditioned.network, calibration: conditioning.comparison),
      cut: job.pruning, exported: exported, predictedDivergence: conditioned.predictedDivergence)
  }
}
