import BBBInference
import BBBNetwork
import BBBPruning

/// A network to run: a `.bbbz` model, or the unpruned posterior of a checkpoint.
struct ModelInput {
  let model: CompactModel
  /// The size of the file in bytes.
  let byteCount: Int
  /// What is taken for granted about a checkpoint's network; a `.bbbz` model says all.
  let assumptions: [String]

  /// Reads a network.
  ///
  /// - Parameters:
  ///   - path: The model or checkpoint.
  ///   - reading: How to read a checkpoint.
  ///   - keepsUncertainty: Whether the standard deviations of a checkpoint are read too, if it has any.
  ///   - keepsEnd: Whether raw outputs are wanted: a graph by itself is run to its end, as it is (`CheckpointOptions.checkpoint(at:keepsEnd:)`).
  /// - Throws: What reading the model or the checkpoint throws.
  init(
    path: String, reading: CheckpointOptions, keepsUncertainty: Bool = false, keepsEnd: Bool = false
  ) throws {
    if CompactModel.isCompactModel(path: path) {
      try reading.checkUnused(for: path)
      let summary = try CompactModelSummary(contentsOfFile: path)
      model = summary.model
      byteCount = summary.byteCount
      assumptions = []
    } else {
      let checkpoint = try reading.checkpoint(at: path, keepsEnd: keepsEnd)
      let posterior = checkpoint.posterior
      let unpruned = try Ranking(posterior, by: .magnitude).pruning(atSparsity: 0)
      // Raw outputs are numbers, whatever they mean.
      let output: OutputMeaning? = keepsEnd ? .numbers(noiseDeviation: nil) : nil
      model =
        keepsUncertainty && posterior.hasDeviations
        ? try DenseNetwork(posterior, output: output).pruned(by: unpruned).compacted()
        : try DenseNetwork(posterior, readsDeviations: false, output: output)
          .compacted(by: unpruned)
      byteCount = checkpoint.byteCount
      assumptions = posterior.assumptions.map(\.text)
    }
  }
}
