import BBBTensors
import Foundation

/// A run between two steps, as it is saved; together with the parameters and the optimiser's memory it
/// decides everything that follows.
struct TrainingState: Codable {
  var configuration: TrainingConfiguration
  var stepCount: Int
  var history: [EpochReport]
  var epochCost: LikelihoodCost
  /// The examples' number, and their inputs', to notice a resumption with others.
  var exampleCount: Int
  var inputCount: Int

  static let metadataKey = "bbbprune_training_state"
}

extension Trainer {
  /// The whole run as a safetensors file, from which ``init(resuming:examples:validation:threadCount:)``
  /// goes on bit by bit as if it had never stopped.
  ///
  /// - Returns: The content of the file.
  /// - Throws: `TensorFileError` if it cannot be encoded.
  public func savedState() throws(TensorFileError) -> Data {
    let state = TrainingState(
      configuration: configuration, stepCount: stepCount, history: history, epochCost: epochCost,
      exampleCount: exampleCount, inputCount: configuration.layerSizes[0])
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let json = try? encoder.encode(state) else {
      preconditionFailure("the state of a run that has not diverged has finite numbers only")
    }
    let tensors = network.tensors.flatMap { tensor in
      tensor.persistentBuffers.map { name, buffer in
        Tensor(name: name, shape: tensor.shape, floats: buffer.values)
      }
    }
    return try SafetensorsEncoder.encode(
      tensors, metadata: [TrainingState.metadataKey: String(decoding: json, as: UTF8.self)])
  }

  /// Goes on with a saved run.
  ///
  /// - Parameters:
  ///   - file: What ``savedState()`` wrote.
  ///   - examples: The examples of the run.
  ///   - validation: Its validation examples.
  ///   - threadCount: The number of threads; it may differ from before.
  /// - Throws: ``TrainingError`` if the file holds no run, or the examples are others.
  public convenience init(
    resuming file: TensorFile, examples: TrainingExamples, validation: TrainingExamples? = nil,
    threadCount: Int = 1
  ) throws(TrainingError) {
    let state = try TrainingState(file)
    guard state.exampleCount == examples.count, state.inputCount == examples.inputCount else {
      throw TrainingError(
        .notResumable,
        "\(file.path): the run learns from \(state.exampleCount) examples with \(state.inputCount)"
          + " inputs, but \(examples.count) with \(examples.inputCount) were given; give the same"
          + " data and the same --validation")
    }
    try state.checkSizes(of: file)
    try self.init(
      state.configuration, examples: examples, validation: validation, threadCount: threadCount)
    guard (0...totalSteps).contains(state.stepCount) else {
      throw TrainingError(
        .notResumable,
        "\(file.path): says that \(state.stepCount) of \(totalSteps) steps are done; the file is"
          + " damaged, use an older one")
    }
    try restore(state, from: file)
  }

  /// The configuration of a saved run, to know its data by.
  ///
  /// - Parameter file: What ``savedState()`` wrote.
  /// - Returns: The configuration.
  /// - Throws: ``TrainingError`` if the file holds no run.
  public static func configuration(
    ofSavedRun file: TensorFile
  ) throws(TrainingError) -> TrainingConfiguration {
    try TrainingState(file).configuration
  }
}

extension TrainingState {
  init(_ file: TensorFile) throws(TrainingError) {
    guard let json = file.metadata[Self.metadataKey],
      let state = try? JSONDecoder().decode(Self.self, from: Data(json.utf8))
    else {
      throw TrainingError(
        .notResumable,
        "\(file.path): holds no saved training run; give the .state file that 'train' leaves beside"
          + " its checkpoint")
    }
    self = state
  }

  /// Checks that the file has the network's weights, before memory is set aside for them.
  func checkSizes(of file: TensorFile) throws(TrainingError) {
    let sizes = configuration.layerSizes
    for (index, (inputs, outputs)) in zip(sizes, sizes.dropFirst()).enumerated() {
      let name = "fc\(index + 1).weight.mu"
      let shape = [outputs, inputs]
      guard file[name]?.shape == shape else { throw Self.missing(name, shape, in: file) }
    }
  }

  static func missing(_ name: String, _ shape: [Int], in file: TensorFile) -> TrainingError {
    TrainingError(
      .notResumable,
      "\(file.path): the saved run lacks \"\(name)\" of shape"
        + " \(shape.map(String.init).joined(separator: "×")); the file is damaged, use an older one"
    )
  }
}

extension ParameterTensor {
  /// What a run needs of this tensor to go on; draws and variances follow from it.
  var persistentBuffers: [(name: String, buffer: FloatBuffer)] {
    let parameters = [("mu", mean, meanMemory)] + (rho.map { [("rho", $0, rhoMemory)] } ?? [])
    return parameters.flatMap { suffix, buffer, memory in
      [("\(name).\(suffix)", buffer)]
        + memory.enumerated().map { ("\(name).\(suffix).memory\($0)", $1) }
    }
  }

  /// Reads all of it back.
  func restore(from file: TensorFile) throws(TrainingError) {
    for (name, buffer) in persistentBuffers {
      guard let tensor = file[name], tensor.shape == shape, let values = try? tensor.floats() else {
        throw TrainingState.missing(name, shape, in: file)
      }
      buffer.values = values
    }
  }
}
