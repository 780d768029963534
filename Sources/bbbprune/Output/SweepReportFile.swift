import BBBDatasets
import BBBEvaluation
import BBBPosterior
import BBBPruning
import BBBReports
import BBBTensors
import Foundation

/// The page that `sweep --report` writes.
struct SweepReportFile {
  let posterior: Posterior
  let dataset: Dataset
  let outOfDistribution: UnlabelledExamples?
  /// The file that gives flat vectors their shapes, if one was named.
  let model: String?
  let threadCount: Int

  /// Writes the page.
  ///
  /// - Parameters:
  ///   - curves: The measurements.
  ///   - path: The file to write.
  /// - Throws: `PosteriorError`, `DatasetError` or `TensorFileError`.
  func write(_ curves: [SweepCurve], to path: String) throws {
    let histogram =
      posterior.hasDeviations
      ? try SignalToNoiseHistogram(
        Ranking(posterior, by: .signalToNoiseRatio, threadCount: threadCount)) : nil
    let report = SweepReport(
      curves: curves, histogram: histogram, exampleShape: dataset.exampleShape,
      provenance: ReportProvenance(
        command: ShellCommand.text(["bbbprune"] + CommandLine.arguments.dropFirst()),
        inputs: try inputs(),
        environment: [("naming", posterior.convention.name)] + RunEnvironment.description()),
      nextCommand: NextExport(curves, arguments: Array(CommandLine.arguments.dropFirst()))?.text)
    try OutputFile.write(Data(try report.html().utf8), to: path)
  }

  private func inputs() throws -> [ReportProvenance.Input] {
    var inputs = try [posterior.path].map { try input("checkpoint", $0) }
    inputs += try TensorFile.shardPaths(ofIndex: posterior.path).map { try input("shard", $0) }
    if let model { inputs.append(try input("shapes", model)) }
    let roles = dataset.files.count > 1 ? ["inputs", "labels"] : ["inputs and labels"]
    inputs += try zip(roles, dataset.files).map { try input($0, $1) }
    if dataset.files.isEmpty { inputs.append(builtIn("inputs and labels", dataset.name)) }
    if let others = outOfDistribution {
      let role = "examples of another kind"
      inputs.append(try others.file.map { try input(role, $0) } ?? builtIn(role, others.name))
    }
    return inputs
  }

  private func builtIn(_ role: String, _ name: String) -> ReportProvenance.Input {
    ReportProvenance.Input(role: role, name: name + " (built in)", digest: nil)
  }

  /// A file by its name alone, because folders may tell whose they are; a folder of pictures has no digest.
  private func input(_ role: String, _ path: String) throws -> ReportProvenance.Input {
    if ImageSizeOptions.isFolder(path) {
      return ReportProvenance.Input(
        role: role, name: URL(filePath: path).lastPathComponent + "/", digest: nil)
    }
    return ReportProvenance.Input(
      role: role, name: URL(filePath: path).lastPathComponent,
      digest: try SHA256Digest(ofFile: path).hexadecimal)
  }
}
