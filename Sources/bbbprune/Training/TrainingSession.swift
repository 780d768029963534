import BBBErrors
import BBBTraining
import Foundation

/// A run from its first step, or from where it was saved, to its end or to Ctrl-C.
struct TrainingSession {
  let trainer: Trainer
  let run: RunDescription
  let files: TrainingFiles
  let saveEvery: Int
  /// The command that goes on with the run after an interruption.
  let resumeCommand: String

  /// The finished epochs, those before a resumption too.
  var epochs: [EpochRecord] {
    trainer.history.map {
      EpochRecord($0, of: trainer.configuration, exampleCount: run.exampleCount)
    }
  }

  /// Trains to the end; on Ctrl-C finishes the step, saves, and ends the process.
  ///
  /// - Returns: The size of the checkpoint in bytes.
  func finish() throws -> Int {
    try Interruption.deferred {
      do {
        if !trainer.isFinished { try train() }
      } catch {
        // What led to it; the reason itself matters more than a file that cannot be written.
        try? writeCSV()
        throw error
      }
      // The network first: a CSV that cannot be written must not cost what hours have learned.
      let byteCount = try files.finish(trainer, run)
      try writeCSV()
      return byteCount
    }
  }

  private func writeCSV() throws {
    try files.writeCSV(epochs, trainer.configuration.likelihood)
  }

  private func train() throws {
    let table = EpochTable(
      trainer.configuration.likelihood, hasComplexity: isBayesian,
      hasValidation: run.validationCount > 0, width: StandardError.width)
    StandardError.writeText(table.header)
    let start = ContinuousClock.now
    let firstStep = trainer.stepCount
    var lastWritten = start
    var progress = epochProgress
    defer { progress?.finish() }
    while !trainer.isFinished {
      if let report = try trainer.step() {
        progress?.finish()
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        let perStep = elapsed / Double(trainer.stepCount - firstStep)
        let record = EpochRecord(
          report, of: trainer.configuration, exampleCount: run.exampleCount)
        StandardError.writeText(
          table.row(
            record, elapsed: elapsed,
            left: perStep * Double(trainer.totalSteps - trainer.stepCount)))
        if !trainer.isFinished { saveInBetween(&lastWritten) }
        progress = epochProgress
      } else {
        let done = trainer.stepCount % trainer.stepsPerEpoch
        progress?.update(Double(done) / Double(trainer.stepsPerEpoch))
      }
      if let signal = Interruption.received, !trainer.isFinished {
        progress?.finish()
        try files.save(trainer, run)
        warnOnFailure { try writeCSV() }
        StandardError.writeText(
          "interrupted after step \(trainer.stepCount) of \(trainer.totalSteps); the run is saved, "
            + "continue it with:\n  \(resumeCommand)\n")
        Interruption.end(by: signal)
      }
    }
  }

  private var isBayesian: Bool {
    if case .bayesByBackprop = trainer.configuration.method { true } else { false }
  }

  /// A line for the epoch under way, where it can be erased again.
  private var epochProgress: ProgressLine? {
    guard StandardError.isTerminal, !trainer.isFinished else { return nil }
    let epoch = trainer.stepCount / trainer.stepsPerEpoch + 1
    return ProgressLine("epoch \(epoch) of \(trainer.configuration.epochs)")
  }

  /// Writes what is due after an epoch.
  ///
  /// A full disk is no reason to lose the run: there may be room again before the end.
  ///
  /// - Parameter lastWritten: When the CSV was written; epochs can be far shorter than a disk takes.
  private func saveInBetween(_ lastWritten: inout ContinuousClock.Instant) {
    if trainer.history.count.isMultiple(of: saveEvery) {
      warnOnFailure { try files.save(trainer, run) }
    }
    if ContinuousClock.now - lastWritten >= .seconds(1) {
      warnOnFailure { try writeCSV() }
      lastWritten = .now
    }
  }

  private func warnOnFailure(_ write: () throws -> Void) {
    do {
      try write()
    } catch {
      StandardError.writeText("warning: \("\(error)".withoutControlCharacters)\n")
    }
  }
}
