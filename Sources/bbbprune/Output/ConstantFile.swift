import BBBDatasets
import BBBEvaluation
import BBBPruning

/// Why a file's output does not depend on the input, which is hardly ever what was wanted.
struct ConstantFile {
  /// The path of the checkpoint, for messages.
  let checkpoint: String
  let exporter: ModelExporter
  /// Inputs of the network's own kind, if any are known.
  let inputs: Dataset.Inputs?

  /// Refuses a file whose output does not depend on the input.
  ///
  /// - Parameters:
  ///   - export: The file.
  ///   - storage: How it was to hold values.
  ///   - pruned: What was to be removed.
  ///   - unpruned: What removes nothing, of the same posterior.
  /// - Throws: ``CommandError`` that names what made it so.
  func refuse(
    _ export: ModelExport, as storage: ValueStorage, of pruned: Pruning, unpruned: Pruning
  ) throws {
    guard try isConstant(export) else { return }
    let what: String
    if try isConstant(exporter.export(unpruned, as: .floats(.float32))) {
      what =
        "already the unpruned network's output does not depend on the input; check that "
        + "'--activation', '--input-scale' and the inputs are those of its training"
    } else if try isConstant(exporter.export(pruned, as: .floats(.float32))) {
      what =
        "with so many weights removed the output does not depend on the input any more; lower "
        + "'--sparsity' (or say '--sparsity 1' if that is what you want)"
    } else {
      what =
        "rounded so coarsely its weights make an output that does not depend on the input any more; "
        + remedy(export, storage)
    }
    throw CommandError(.unsuitable, path: checkpoint, what)
  }

  private func isConstant(_ export: ModelExport) throws -> Bool {
    try inputs.map(export.isConstant(on:)) ?? export.isDisconnected
  }

  private func remedy(_ export: ModelExport, _ storage: ValueStorage) -> String {
    if storage == .exact {
      return "lower '--max-divergence', raise '--max-bytes', or give '--values float32'"
    }
    guard let precision = export.quantisation?.precision.natsPerWeight else {
      return "give '--values float32'"
    }
    return storage == .automatic
      ? "give '--precision' less than \(precision), or '--values float32'"
      : "lower '--precision' (it was \(precision)), or leave it out"
  }
}
