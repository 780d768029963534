import BBBDatasets
import BBBEvaluation
import BBBPosterior
import BBBPruning
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
  /// - Throws: `PosteriorError`, `DatasetError` or `OutputError`.
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
        environment: [("naming", posterior.convention.name)] + RunEnvironment.description()))
    try OutputFile.write(Data(try report.html().utf8), to: path)
  }

  private func inputs() throws -> [ReportProvenance.Input] {
    var inputs = try [posterior.path].map { try input("checkpoint", $0) }
    inputs += try TensorFile.shardPaths(ofIndex: posterior.path).map { try input("shard", $0) }
    if let model { inputs.append(try input("shapes", model)) }
    inputs.append(try input("inputs", dataset.inputsPath))
    if dataset.labelsPath != dataset.inputsPath {
      inputs.append(try input("labels", dataset.labelsPath))
    }
    if let outOfDistribution {
      inputs.append(try input("examples of another kind", outOfDistribution.path))
    }
    return inputs
  }

  /// A file by its name alone, because folders may tell whose they are; or built-in examples.
  private func input(_ role: String, _ path: String) throws -> ReportProvenance.Input {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
    else { return ReportProvenance.Input(role: role, name: path + " (built in)", digest: nil) }
    return ReportProvenance.Input(
      role: role, name: URL(filePath: path).lastPathComponent,
      digest: try SHA256Digest(ofFile: path).hexadecimal)
  }
}
