import BBBTensors
import BBBTraining

/// What a training run's files tell beyond what the trainer knows.
struct RunDescription {
  /// A dataset's name, or the last part of the inputs' path.
  var dataset: String
  /// The number of examples to learn from.
  var exampleCount: Int
  /// The number of examples set aside.
  var validationCount: Int
  var precision: Trainer.CheckpointPrecision

  /// What checkpoints say.
  var checkpointMetadata: [String: String] {
    [
      "dataset": dataset, "examples": "\(exampleCount)",
      "validation_examples": "\(validationCount)",
    ]
  }

  /// What states say.
  var stateMetadata: [String: String] {
    checkpointMetadata.merging(["precision": precision.rawValue]) { $1 }
  }

  /// Reads what a state says.
  init?(stateMetadata: [String: String]) {
    guard let dataset = stateMetadata["dataset"],
      let examples = stateMetadata["examples"].flatMap({ Int($0) }),
      let validation = stateMetadata["validation_examples"].flatMap({ Int($0) }),
      let precision = stateMetadata["precision"].flatMap(
        Trainer.CheckpointPrecision.init(rawValue:)),
      examples > 0, validation >= 0
    else { return nil }
    self.init(
      dataset: dataset, exampleCount: examples, validationCount: validation, precision: precision)
  }

  init(
    dataset: String, exampleCount: Int, validationCount: Int,
    precision: Trainer.CheckpointPrecision
  ) {
    self.dataset = dataset
    self.exampleCount = exampleCount
    self.validationCount = validationCount
    self.precision = precision
  }
}

/// A run to go on with.
struct SavedRun {
  let file: TensorFile
  let configuration: TrainingConfiguration
  let description: RunDescription

  init(path: String) throws {
    file = try TensorFile(contentsOf: path)
    // Its errors first: they say what to do about any other file.
    configuration = try Trainer.configuration(ofSavedRun: file)
    guard let description = RunDescription(stateMetadata: file.metadata) else {
      throw TrainingError(
        .notResumable, path: path,
        "does not say what the run learns from; give the .state file that 'train' left "
          + "beside its checkpoint")
    }
    self.description = description
  }
}
