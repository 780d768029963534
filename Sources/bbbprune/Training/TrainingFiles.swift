import BBBTensors
import BBBTraining
import Foundation

/// The files that a training run leaves; each is replaced whole or not at all.
struct TrainingFiles {
  let checkpoint: String
  let csv: String?
  let keepsState: Bool
  /// The moments of the inputs, if the checkpoint is to carry them.
  var inputMoments: [Tensor] = []

  static let stateEnding = ".state"

  /// The run's state, beside the checkpoint.
  var state: String { checkpoint + Self.stateEnding }

  /// Writes the checkpoint, and the state to go on from.
  func save(_ trainer: Trainer, _ run: RunDescription) throws {
    try writeState(trainer, run)
    _ = try writeCheckpoint(trainer, run)
  }

  /// Writes the checkpoint of a finished run.
  ///
  /// - Returns: Its size in bytes.
  func finish(_ trainer: Trainer, _ run: RunDescription) throws -> Int {
    let byteCount = try writeCheckpoint(trainer, run)
    if keepsState {
      try writeState(trainer, run)
    } else {
      // It may never have been written.
      try? FileManager.default.removeItem(atPath: state)
    }
    return byteCount
  }

  /// Writes all epochs so far.
  func writeCSV(_ epochs: [EpochRecord], _ likelihood: Likelihood) throws {
    guard let csv else { return }
    try OutputFile.write(Data(EpochRecord.csv(epochs, likelihood).utf8), to: csv)
  }

  private func writeState(_ trainer: Trainer, _ run: RunDescription) throws {
    try OutputFile.write(trainer.savedState(metadata: run.stateMetadata), to: state)
  }

  private func writeCheckpoint(_ trainer: Trainer, _ run: RunDescription) throws -> Int {
    let data = try trainer.checkpoint(
      precision: run.precision, metadata: run.checkpointMetadata, beside: inputMoments)
    try OutputFile.write(data, to: checkpoint)
    return data.count
  }
}
