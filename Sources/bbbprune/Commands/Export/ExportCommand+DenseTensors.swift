import BBBConditioning
import BBBErrors
import BBBNetwork
import BBBPosterior
import BBBPruning
import BBBTensors
import Foundation

/// What `export` writes for other tools.
extension ExportCommand {
  /// Writes dense tensors, and their masks if they are asked for.
  func writeTensors(
    _ posterior: Posterior, _ file: TensorFile, _ pruned: Pruning, _ units: UnitPruning?,
    _ conditioned: ConditionedNetwork?, _ examples: CalibrationInputOptions.Calibration?,
    as format: DenseFormat, asked: Double?
  ) throws {
    let export = try DenseExport(
      posterior, from: file, pruned,
      means: try conditioned.map { try PosteriorMeans(of: $0.network, in: posterior) },
      leavingOut: compact ? units : nil, keepsUncertainty: keepUncertainty)
    for name in export.leftOut {
      StandardError.writeText(
        "warning: \(name.withoutControlCharacters) is left out: no format that is written holds its type\n"
      )
    }
    let content = try format.encode(
      export.tensors, metadata: metadata(of: file, posterior.network, units))
    let maskContent = try masks.flatMap { try DenseFormat(path: $0)?.encode(export.masks) }
    var files = [(data: content, path: output)]
    if let masks, let maskContent { files.append((maskContent, masks)) }
    try OutputFile.write(files)
    // The dense network has more parameters than the posterior where a layer is not Bayesian.
    try report(
      posterior, pruned, byteCount: content.count, asked: asked, model: nil,
      denseCount: export.parameterCount, conditioned: conditioned, calibration: examples)
  }

  /// What the checkpoint says of itself; the sizes are those of the tensors written.
  private func metadata(
    of file: TensorFile, _ network: Network?, _ units: UnitPruning?
  ) -> [String: String] {
    var metadata = file.metadata
    // What the user has said need not be said again; a graph holds more than its text.
    if reading.network?.isGraph == false { metadata["network"] = network?.textInOneLine }
    guard compact, let units else { return metadata }
    let left = units.networkLeft
    if metadata["network"] != nil { metadata["network"] = left.textInOneLine }
    // A network that its file calls a chain of sizes is one of fewer.
    if let text = metadata["arch"], let whole = try? Network(text: text).layerSizes,
      let shorthand = left.shorthand, whole.sizes.count == left.layerSizes?.sizes.count
    {
      metadata["arch"] = shorthand
    }
    return metadata
  }
}
