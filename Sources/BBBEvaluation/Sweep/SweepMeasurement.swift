import BBBDatasets
import BBBInference
import BBBKernels
import BBBPruning
import BBBTensors

/// Makes the files of a sweep, and runs them.
struct SweepMeasurement: Sendable {
  let exporter: ModelExporter
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

  /// The files of one point, compared with the unpruned network.
  struct Files: Sendable {
    var pruned: MeasuredFile
    var exported: MeasuredFile
    /// The pruned network, not quantised; `nil` if it is not wanted.
    var model: CompactModel?
  }

  /// A file that was written and read back, and what its model predicts.
  private struct RunFile: Sendable {
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
  private struct Outcome: Sendable {
    var pruned: RunFile
    /// `nil` where it is the pruned network's file as well.
    var exported: RunFile?
  }

  /// Measures every point of a plan.
  ///
  /// - Parameters:
  ///   - plan: What to measure.
  ///   - threadCount: How many threads share the networks; the result does not depend on it.
  ///   - work: Told of each network that is done.
  /// - Returns: The files of each point, in order.
  /// - Throws: `DatasetError` or `CompactModelError`.
  func files(of plan: SweepPlan, threadCount: Int, _ work: SweepProgress) throws -> [Files] {
    let results = parallelMap(count: plan.jobs.count, threadCount: threadCount) {
      index -> Result<Outcome, any Error> in
      defer { work.advance(by: plan.jobs[index].cost) }
      return Result { try outcome(of: plan.jobs[index], isExported: plan.isPoint(index)) }
    }
    let outcomes = try results.map { try $0.get() }
    let unpruned = outcomes[plan.unpruned]
    guard let reference = unpruned.pruned.evaluation else {
      preconditionFailure("the unpruned network is run")
    }
    return zip(plan.points, outcomes).map { job, outcome in
      func measured(_ file: RunFile, orAs stand: RunFile) -> MeasuredFile {
        self.measured(file, file.evaluation ?? stand.evaluation ?? reference, against: reference)
      }
      let pruned = measured(outcome.pruned, orAs: unpruned.pruned)
      return Files(
        pruned: pruned,
        exported: outcome.exported.map {
          measured($0, orAs: unpruned.exported ?? unpruned.pruned)
        } ?? pruned,
        model: outcome.pruned.model)
    }
  }

  private func outcome(of job: SweepJob, isExported: Bool) throws -> Outcome {
    let pruned = try run(
      exporter.export(job.pruning, as: .floats(valueEncoding)), of: job,
      against: outOfDistribution, keepsModel: keepsModels)
    guard isExported, exportStorage != .floats(valueEncoding) else {
      return Outcome(pruned: pruned, exported: nil)
    }
    let exported = try run(
      exporter.export(job.pruning, as: exportStorage), of: job, against: nil, keepsModel: false)
    return Outcome(pruned: pruned, exported: exported)
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
  init(_ job: SweepJob, _ files: SweepMeasurement.Files) {
    self.init(
      removed: job.pruning.removedCount, threshold: job.pruning.threshold,
      thresholdDecibels: job.pruning.thresholdDecibels, pruned: files.pruned,
      exported: files.exported)
    sparsityAsked = job.sparsity
    units = job.unitCount
    // As it was asked for: the fraction of the weights is the nearest that there is.
    if job.unitCount == nil { pruned.sparsity = job.sparsity }
  }
}
