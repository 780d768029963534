import ArgumentParser
import BBBTraining

/// What a training run writes, and when.
struct TrainingOutputOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The checkpoint to write, .safetensors. With '--resume' by default the one of the run.",
      valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Write all epochs so far as CSV, anew after each epoch (at most once a second).",
      valueName: "file"))
  var csv: String?

  @OptionGroup var json: JSONOption

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Save the checkpoint, and the run's state in FILE.state, after every so many epochs.",
      valueName: "epochs"))
  var saveEvery: Int = 10

  @Flag(help: "Keep the state of a run that is finished.")
  var keepState = false

  @Flag(
    help: """
      Also write the mean and covariance of the inputs into the checkpoint, so that '--calibrate CHECKPOINT' can stand in for the data.
      """)
  var inputMoments = false

  @Option(
    help: ArgumentHelp(
      "How the checkpoint holds numbers; float16 takes half the bytes and rounds. (default: float32)"
    ))
  var precision: Trainer.CheckpointPrecision?

  func validate() throws {
    if csv == "-" {
      throw ValidationError(
        "Only '--json' can write to standard output: name a file instead of '-'.")
    }
    if saveEvery < 1 {
      throw ValidationError("Give '--save-every' a count of at least 1.")
    }
    try output.map(OutputPaths.checkName)
    if let output, !output.hasSuffix(Self.ending) {
      throw ValidationError("'\(output)' should end in .safetensors, which is what is written.")
    }
  }

  /// The path of the checkpoint.
  ///
  /// - Parameter resumed: The state of the run to go on with, if any.
  /// - Returns: The path.
  /// - Throws: `ValidationError` if nothing tells it.
  func checkpointPath(resumed: String?) throws -> String {
    if let output { return output }
    guard let resumed else {
      throw ValidationError("Name the checkpoint to write: '-o model.safetensors'.")
    }
    guard resumed.hasSuffix(Self.ending + TrainingFiles.stateEnding) else {
      throw ValidationError(
        "'\(resumed)' does not tell the checkpoint's name: add '-o model.safetensors'.")
    }
    return String(resumed.dropLast(TrainingFiles.stateEnding.count))
  }

  private static let ending = ".safetensors"
}

extension Trainer.CheckpointPrecision: ExpressibleByArgument {}
