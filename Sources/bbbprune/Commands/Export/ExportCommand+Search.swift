import BBBEvaluation
import BBBPosterior
import BBBPruning
import BBBReports
import BBBTensors
import Foundation

/// `export --max-error-increase`.
extension ExportCommand {
  /// Searches for the smallest file whose error rises by no more than is allowed, and writes it.
  func search(
    _ posterior: Posterior, _ ranking: Ranking, _ sparsity: Double?
  ) throws {
    try requireDeviations(posterior, for: "--max-error-increase")
    let points = frontier.maxErrorIncrease ?? 0
    var search = FrontierSearch(
      sparsities: sparsity.map { [$0] } ?? FrontierSearch.defaultSparsities,
      precisions: values.precision.map { [$0] } ?? FrontierSearch.defaultPrecisions,
      maximumErrorIncrease: points / 100, holdout: frontier.holdout ?? 0.5, seed: pruning.seed,
      scope: pruning.scope, keepsUncertainty: keepUncertainty, threadCount: threads.count)
    if let sparsity { search.carefulSparsities = [sparsity] }
    if let precision = values.precision { search.carefulStorages = [.quantised(precision)] }
    let progress = ProgressLine("search")
    defer { progress.finish() }
    let network = try DenseNetwork(posterior)
    let examples = try dataset.load(
      for: network.output, of: network.network, threadCount: threads.count)
    let found = try search.run(network, ranking, on: examples) { progress.update($0) }
    progress.finish()
    guard let export = found.export else {
      throw CommandError(.unsuitable, FrontierReport.nothingFound(found, points: points))
    }
    guard !found.isContradicted else {
      throw CommandError(.unsuitable, FrontierReport.contradiction(found, points: points))
    }
    try OutputFile.write(Data(export.file), to: output)
    if !json.replacesText {
      try StandardOutput.writeText(
        FrontierReport.text(found, points: points, width: StandardOutput.width))
    }
    try report(
      posterior, export.pruning, byteCount: export.file.count,
      asked: found.chosen?.sparsityAsked, model: export, storage: found.chosen?.storage,
      frontier: found)
  }
}
