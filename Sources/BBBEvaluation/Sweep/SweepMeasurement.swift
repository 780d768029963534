import BBBDatasets
import BBBInference
import BBBKernels
import BBBPruning
import BBBTensors

/// Makes the files of a sweep, and runs them.
struct SweepMeasurement: Sendable {
  let networks: SweepNetworks
  /// The size of the unpruned network as dense 32-bit floats, in bytes.
  let denseByteCount: Int
  let dataset: Dataset
  /// Examples of another kind, of which the network should be less certain, if any.
  let outOfDistribution: UnlabelledExamples?
  /// How the files that are not quantised hold values.
  let valueEncoding: ValueEncoding
  /// How an export holds values by default.
  let exportStorage: ValueStorage
  /// Whether the models of the pruned networks are wanted, and not only the numbers.
  let keepsModels: Bool

  /// A file that was written and read back, and what its model predicts.
  struct RunFile: Sendable {
    var sparsity: Double
    var kept: Int
    var bytes: Int
    /// Whether no weights are left that lead from the input to the output.
    var isDisconnected: Bool
    /// `nil` for a network that another job runs.
    var evaluation: Evaluation?
    /// The model, if it is wanted.
    var model: CompactModel?
  }

  /// What one job gives.
  struct Outcome: Sendable {
    let job: SweepJob
    let predictedDivergence: Double?
    var pruned: RunFile
    /// `nil` where it is the pruned network's file as well.
    var exported: RunFile?
    /// The network of which as much was removed, and that is not conditioned; `nil` where none is.
    var cut: RunFile?
    var prediction = Sweep.Prediction()
  }

  /// A point, and what it is made of.
  struct Measured {
    var point: SweepPoint
    var job: SweepJob
    /// The pruned network, not quantised; `nil` if it is not wanted.
    var model: CompactModel?
  }

  /// Runs every job of a plan.
  ///
  /// - Parameters:
  ///   - plan: What to measure.
  ///   - threadCount: How many threads share the networks; the result does not depend on it.
  ///   - work: Told of each network that is done.
  ///   - predict: Predicts by what is left of the posterior at a point.
  /// - Returns: What each job gives, in order.
  /// - Throws: What making, writing and running networks throws.
  func outcomes(
    of plan: SweepPlan, threadCount: Int, _ work: SweepProgress,
    predicting predict: (SweepNetworks.Prepared) throws -> Sweep.Prediction
  ) throws -> [Outcome] {
    // Conditioned networks are many times the dense one: only so many are there at a time as threads can run.
    let step = networks.isConditioning ? max(threadCount, 1) : max(plan.jobs.count, 1)
    var outcomes: [Outcome] = []
    for first in stride(from: 0, to: plan.jobs.count, by: step) {
      let range = first..<min(first + step, plan.jobs.count)
      let prepared = try range.map { index in
        let step = work.step(of: networks.isConditioning ? SweepJob.conditioningCost : 0)
        let prepared = try networks.prepared(
          plan.jobs[index], isExported: plan.isPoint(index)
        ) { step.advance(to: $0 * 0.6) }
        step.advance(to: 1)
        return prepared
      }
      let results = parallelMap(count: range.count, threadCount: threadCount) {
        index -> Result<Outcome, any Error> in
        defer { work.advance(by: prepared[index].job.cost) }
        return Result {
          try outcome(of: prepared[index], isExported: plan.isPoint(first + index))
        }
      }
      for (index, result) in results.enumerated() {
        var outcome = try result.get()
        if plan.isPoint(first + index) { outcome.prediction = try predict(prepared[index]) }
        outcomes.append(outcome)
      }
    }
    return outcomes
  }

  /// The points of a plan, compared with the unpruned network.
  ///
  /// - Parameters:
  ///   - outcomes: What each of its jobs gives.
  ///   - plan: The plan.
  /// - Returns: One for each point, in order.
  func points(_ outcomes: [Outcome], of plan: SweepPlan) -> [Measured] {
    let unpruned = outcomes[plan.unpruned]
    guard let reference = unpruned.pruned.evaluation else {
      preconditionFailure("the unpruned network is run")
    }
    return outcomes.enumerated().filter { plan.isPoint($0.offset) }.map { _, outcome in
      func measured(_ file: RunFile, orAs stand: RunFile) -> MeasuredFile {
        self.measured(file, file.evaluation ?? stand.evaluation ?? reference, against: reference)
      }
      let pruned = measured(outcome.pruned, orAs: unpruned.pruned)
      let exported =
        outcome.exported.map { measured($0, orAs: unpruned.exported ?? unpruned.pruned) } ?? pruned
      var point = SweepPoint(outcome.job, pruned: pruned, exported: exported)
      point.monteCarlo = outcome.prediction.monteCarlo
      point.onePass = outcome.prediction.onePass
      if networks.isConditioning {
        // Of which nothing is removed, that is the network itself.
        point.cut = outcome.cut.map { measured($0, orAs: unpruned.pruned) } ?? pruned
        let own = outcome.pruned.evaluation ?? reference
        point.divergence = reference.distribution.divergence(from: own.distribution)
        point.predictedDivergence = outcome.predictedDivergence
      }
      return Measured(point: point, job: outcome.job, model: outcome.pruned.model)
    }
  }

  private func outcome(of prepared: SweepNetworks.Prepared, isExported: Bool) throws -> Outcome {
    let (job, exporter) = (prepared.job, prepared.exporter)
    var outcome = Outcome(
      job: job, predictedDivergence: prepared.predictedDivergence,
      pruned: try run(
        exporter.export(job.pruning, as: .floats(valueEncoding)), of: job,
        against: outOfDistribution, keepsModel: keepsModels))
    outcome.cut = try prepared.cut.map {
      try run(
        networks.exporter.export($0, as: .floats(valueEncoding)), of: job, against: nil,
        keepsModel: false)
    }
    if let exported = prepared.exported {
      outcome.exported = try run(exported, of: job, against: nil, keepsModel: false)
    } else if isExported, exportStorage != .floats(valueEncoding) {
      outcome.exported = try run(
        exporter.export(job.pruning, as: exportStorage), of: job, against: nil, keepsModel: false)
    }
    return outcome
  }

  private func run(
    _ export: ModelExport, of job: SweepJob, against others: UnlabelledExamples?, keepsModel: Bool
  ) throws -> RunFile {
    RunFile(
      sparsity: export.pruning.sparsity, kept: export.pruning.keptCount, bytes: export.file.count,
      isDisconnected: export.isDisconnected,
      evaluation: job.isRun
        ? try export.model.evaluation(on: dataset, against: others, by: .posteriorMean) : nil,
      model: keepsModel ? export.model : nil)
  }

  private func measured(
    _ file: RunFile, _ evaluation: Evaluation, against unpruned: Evaluation
  ) -> MeasuredFile {
    MeasuredFile(
      sparsity: file.sparsity, kept: file.kept, result: evaluation.result,
      unpruned: unpruned.result,
      auroc: evaluation.outOfDistribution?.entropyArea,
      isConstant: file.isDisconnected || evaluation.distribution.isConstant, bytes: file.bytes,
      denseByteCount: denseByteCount)
  }
}

extension SweepPoint {
  /// The point of a job.
  init(_ job: SweepJob, pruned: MeasuredFile, exported: MeasuredFile) {
    self.init(
      removed: job.pruning.removedCount, threshold: job.pruning.threshold,
      thresholdDecibels: job.pruning.thresholdDecibels, pruned: pruned, exported: exported)
    sparsityAsked = job.sparsity
    units = job.unitCount
    // As it was asked for: the fraction of the weights is the nearest that there is.
    if job.unitCount == nil { self.pruned.sparsity = job.sparsity }
  }
}
