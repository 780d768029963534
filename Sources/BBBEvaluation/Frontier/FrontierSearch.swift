import BBBDatasets
import BBBInference
import BBBKernels
import BBBPosterior
import BBBPruning
import BBBTensors
import Synchronization

/// Searches for the smallest file whose error rises by no more than is allowed.
///
/// Sparsity and precision are tried together, each pair on a real file. Where none of these files is good enough, finer
/// precisions and floats are tried, which remove little or nothing beyond the sparsity. The examples are split by chance:
/// files are compared on one part, and the file chosen is measured on the other, because the best of many
/// looks better than it is on the examples it was chosen by.
public struct FrontierSearch: Sendable {
  /// The sparsities of a search that names none; quantisation goes beyond where that costs little.
  public static let defaultSparsities = [0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995]
  /// The precisions of a search that names none, in nats per weight.
  public static let defaultPrecisions = [0.003, 0.006, 0.01, 0.015, 0.02, 0.03, 0.045, 0.07, 0.1]
    .compactMap(Precision.init(natsPerWeight:))

  /// The sparsities to try.
  public var sparsities: [Double]
  /// The precisions to try.
  public var precisions: [Precision]
  /// The sparsities to try where none of the files is good enough.
  public var carefulSparsities = [0.0] + Self.defaultSparsities
  /// How values are held then: at finer precisions, and at last as floats, which remove nothing.
  public var carefulStorages: [ValueStorage] =
    [0.001, 0.0003, 0.0001].compactMap(Precision.init(natsPerWeight:)).map(
      ValueStorage.quantised) + [.floats(.float16), .floats(.float32)]
  /// By how much the error may rise, as a fraction of the examples, or of the unpruned network's root mean squared
  /// error.
  public var maximumErrorIncrease: Double
  /// The fraction of the examples that is held out.
  public var holdout: Double
  /// What decides which examples those are.
  public var seed: UInt64
  /// Over what each sparsity is met.
  public var scope: Pruning.Scope
  /// Whether the files hold standard deviations.
  public var keepsUncertainty: Bool
  /// How many threads share the work; the result does not depend on it.
  public var threadCount: Int

  /// Creates a search.
  ///
  /// - Parameters:
  ///   - sparsities: The sparsities to try, each 0…1; at least one.
  ///   - precisions: The precisions to try; at least one.
  ///   - maximumErrorIncrease: By how much the error may rise: 0.001 is a tenth of a percentage point, or of numbers a
  ///     tenth of a per cent of the root mean squared error.
  ///   - holdout: The fraction of the examples that is held out, above 0 and below 1.
  ///   - seed: What decides which examples those are.
  ///   - scope: Over what each sparsity is met.
  ///   - keepsUncertainty: Whether the files hold standard deviations.
  ///   - threadCount: How many threads share the work; the result does not depend on it.
  public init(
    sparsities: [Double] = Self.defaultSparsities,
    precisions: [Precision] = Self.defaultPrecisions, maximumErrorIncrease: Double,
    holdout: Double = 0.5, seed: UInt64 = 0, scope: Pruning.Scope = .global,
    keepsUncertainty: Bool = false, threadCount: Int = 1
  ) {
    self.sparsities = sparsities
    self.precisions = precisions
    self.maximumErrorIncrease = maximumErrorIncrease
    self.holdout = holdout
    self.seed = seed
    self.scope = scope
    self.keepsUncertainty = keepsUncertainty
    self.threadCount = threadCount
  }

  private func check() throws(PruningError) {
    guard !sparsities.isEmpty, !precisions.isEmpty else {
      throw PruningError(
        .invalidOption,
        "there is nothing to try; give at least one sparsity and one precision, or leave both out")
    }
    guard 0 < holdout, holdout < 1 else {
      throw PruningError(
        .invalidOption,
        "\(holdout) of the examples cannot be held out; give a fraction between 0 and 1, such as 0.5"
      )
    }
  }

  /// Tries every pair of sparsity and precision, and more where none is good enough.
  ///
  /// - Parameters:
  ///   - network: What to store.
  ///   - ranking: Of the same posterior.
  ///   - dataset: Examples whose answers are known, at least two.
  ///   - progress: Called now and then, from any thread, with the fraction of the work done, 0…1.
  /// - Returns: What was found.
  /// - Throws: `PruningError`, such as `invalidOption`, before anything is tried, `DatasetError` or
  ///   `CompactModelError`.
  public func run(
    _ network: DenseNetwork, _ ranking: Ranking, on dataset: Dataset,
    progress: @Sendable (Double) -> Void = { _ in }
  ) throws -> Frontier {
    try check()
    try dataset.checkInputs(inputCount: network.inputCount)
    try dataset.checkTargets(
      for: network.output, outputCount: network.outputCount)
    let (searched, heldOut) = try dataset.split(holdingOut: holdout, seed: seed)
    let unpruned = network.compacted(by: try ranking.pruning(atSparsity: 0, scope: scope))
    let searchedUnpruned = try unpruned.evaluated(on: searched, threadCount: threadCount)
    let allowed = limit(for: searchedUnpruned)
    let exporter = try ModelExporter(network)
    var points = try points(
      exporter, ranking, sparsities, precisions.map(ValueStorage.quantised), on: searched, progress)
    if !points.contains(where: { $0.isAcceptable(allowed) }) {
      let untried = carefulSparsities.filter { !sparsities.contains($0) }
      points += try self.points(
        exporter, ranking, untried, precisions.map(ValueStorage.quantised), on: searched, progress)
      points += try self.points(
        exporter, ranking, carefulSparsities, carefulStorages, on: searched, progress)
    }
    points.sort { ($0.bytes, $0.error) < ($1.bytes, $1.error) }
    let chosen = points.first { $0.isAcceptable(allowed) }
    let export = try chosen.map { chosen in
      try exporter.export(
        try ranking.pruning(atSparsity: chosen.sparsityAsked, scope: scope),
        as: chosen.storage, keepsUncertainty: keepsUncertainty)
    }
    return Frontier(
      points: points, chosen: chosen, export: export, errorLimit: allowed,
      searchedUnpruned: searchedUnpruned,
      heldOutUnpruned: try unpruned.evaluated(on: heldOut, threadCount: threadCount),
      heldOut: try export?.model.evaluated(on: heldOut, threadCount: threadCount),
      heldOutAllowance: allowedIncrease(of: heldOut.count),
      maximumErrorIncrease: maximumErrorIncrease)
  }

  /// Measures every pair of a sparsity and a way to hold values.
  private func points(
    _ exporter: ModelExporter, _ ranking: Ranking, _ sparsities: [Double],
    _ storages: [ValueStorage], on dataset: Dataset, _ progress: @Sendable (Double) -> Void
  ) throws -> [FrontierPoint] {
    let prunings = try ranking.prunings(atSparsities: sparsities, scope: scope)
    let done = Mutex(0)
    let count = sparsities.count * storages.count
    let results = parallelMap(count: count, threadCount: threadCount) {
      index -> Result<FrontierPoint, any Error> in
      defer {
        progress(
          Double(
            done.withLock { done in
              done += 1
              return done
            }) / Double(count))
      }
      let (row, column) = index.quotientAndRemainder(dividingBy: storages.count)
      return Result {
        try point(
          exporter, prunings[row], sparsity: sparsities[row], storages[column], on: dataset)
      }
    }
    return try results.map { try $0.get() }
  }

  /// The error up to which a file is acceptable.
  private func limit(for unpruned: EvaluationResult) -> Double {
    switch unpruned {
    case .classes(let result):
      Double(result.errors + allowedIncrease(of: result.count)) / Double(result.count)
    case .numbers(let result): result.rootMeanSquaredError * (1 + maximumErrorIncrease)
    }
  }

  /// How many more errors are allowed.
  ///
  /// - Parameter count: The number of examples.
  /// - Returns: The whole number of examples in the limit: 0.06 points are 3 of 5,000, though their product
  ///   is a little less than 3 in binary.
  func allowedIncrease(of count: Int) -> Int {
    Int((maximumErrorIncrease * Double(count) + 1e-9).rounded(.down))
  }

  private func point(
    _ exporter: ModelExporter, _ pruning: Pruning, sparsity: Double, _ storage: ValueStorage,
    on dataset: Dataset
  ) throws -> FrontierPoint {
    let export = try exporter.export(
      pruning, as: storage, keepsUncertainty: keepsUncertainty)
    let evaluation = try export.model.evaluation(on: dataset, by: .posteriorMean)
    return FrontierPoint(
      sparsityAsked: sparsity, sparsity: export.pruning.sparsity, storage: storage,
      weights: export.pruning.keptCount, bytes: export.file.count,
      error: evaluation.result.error,
      isConstant: export.isConstant(predicting: evaluation.distribution))
  }
}
