import BBBConditioning
import BBBPosterior
import BBBPruning
import BBBReports
import BBBTensors
import Foundation

/// `export --calibrate`, of a model whose values are rounded while others take over.
extension ExportCommand {
  /// Writes a model that is rounded as far as its outputs, on given inputs, are to bear.
  ///
  /// - Parameters:
  ///   - posterior: What is exported.
  ///   - ranking: Of its weights.
  ///   - criterion: What ranks.
  ///   - units: What is removed of whole units; `nil` if single weights go.
  ///   - examples: The inputs.
  ///   - asked: The sparsity asked for; `nil` if that is of no account.
  /// - Throws: `CommandError` if no rounding is what was asked for, and what conditioning throws.
  func writeRounded(
    _ posterior: Posterior, _ ranking: Ranking, _ criterion: Criterion, _ units: Pruning?,
    _ examples: CalibrationInputOptions.Calibration, _ asked: Double?
  ) throws {
    if keepUncertainty { try requireDeviations(posterior, for: "--keep-uncertainty") }
    let network = try DenseNetwork(posterior)
    let conditioner = try calibration.conditioner(examples, network, threadCount: threads.count)
    let progress = ProgressLine("conditioning")
    defer { progress.finish() }
    let rounded =
      if let units {
        try conditioner.rounded(
          after: units, to: frontier.goal, keepingNoise: calibration.keepNoise,
          keepsUncertainty: keepUncertainty
        ) { progress.update($0) }
      } else {
        try ConditionedPruning(
          conditioner, posterior, by: criterion, preCut: calibration.preCut, scope: pruning.scope,
          keepsNoise: calibration.keepNoise, includesBiases: pruning.pruneBiases,
          includesCertainWeights: pruning.pruneCertainWeights, threadCount: threads.count
        ).rounded(to: frontier.goal, atSparsity: asked, keepsUncertainty: keepUncertainty) {
          progress.update($0)
        }
      }
    progress.finish()
    guard rounded.holdsGoal else { throw unreachable(rounded, asked) }
    if asked != 1 {
      try ConstantFile(
        checkpoint: checkpoint, exporter: ModelExporter(network), inputs: examples.examples
      ).refuse(
        rounded.export, as: .exact, of: rounded.network.pruning,
        unpruned: try ranking.pruning(atSparsity: 0))
    }
    try OutputFile.write(Data(rounded.export.file), to: output)
    try report(
      posterior, rounded.network.pruning, byteCount: rounded.export.file.count, asked: asked,
      model: rounded.export, rounded: rounded, calibration: examples)
  }

  private func unreachable(_ rounded: RoundedNetwork, _ asked: Double?) -> CommandError {
    let nats = NumberText.significant(rounded.divergence, digits: 2)
    let lower = asked.map { $0 > 0 ? ", or a lower '--sparsity'" : "" } ?? ""
    switch rounded.goal {
    case .divergence(let most):
      return CommandError(
        .unsuitable, path: checkpoint,
        "no rounding keeps the outputs within \(NumberText.significant(most, digits: 2)) nats of the unpruned ones (the nearest are "
          + "\(nats) away); allow more with '--max-divergence'\(lower), or write floats: '--sparsity \(asked ?? 0.5) --values "
          + "float16'")
    case .bytes(let most):
      return CommandError(
        .unsuitable, path: checkpoint,
        "no file of \(NumberText.grouped(most)) bytes was found; the smallest has "
          + "\(NumberText.grouped(rounded.export.file.count)), its outputs \(nats) nats from the unpruned ones; allow more with "
          + "'--max-bytes'")
    }
  }
}
