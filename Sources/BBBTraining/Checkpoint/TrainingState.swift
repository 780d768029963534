import BBBKernels
import BBBTensors
import BBBZlib
import Foundation

/// A run between two steps, as it is saved; with the parameters and the optimiser's memory it
/// decides everything that follows.
struct TrainingState: Codable {
  var configuration: TrainingConfiguration
  var stepCount: Int
  var history: [EpochReport]
  var epochCost: LikelihoodCost
  var fingerprint: Fingerprint
  /// The checksum of all tensors: a damaged number would go unnoticed in the result.
  var tensorChecksum: UInt32

  static let metadataKey = "bbbprune_training_state"
}

extension Trainer {
  /// The whole run as a safetensors file, from which ``init(resuming:examples:validation:threadCount:)``
  /// goes on bit by bit as if it had never stopped.
  ///
  /// - Parameter metadata: More to say in the file's metadata, such as where the examples are.
  /// - Returns: The content of the file.
  /// - Throws: `TensorFileError` if it cannot be encoded.
  public func savedState(metadata: [String: String] = [:]) throws(TensorFileError) -> Data {
    let state = TrainingState(
      configuration: configuration, stepCount: stepCount, history: history, epochCost: epochCost,
      fingerprint: fingerprint, tensorChecksum: minibatches.checksum)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let json = try? encoder.encode(state) else {
      preconditionFailure("the state of a run that has not diverged has finite numbers only")
    }
    let own = [TrainingState.metadataKey: String(decoding: json, as: UTF8.self)]
    return try SafetensorsEncoder.encode(
      minibatches.savedTensors, metadata: metadata.merging(own) { $1 })
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
    let fingerprint = TrainingState.Fingerprint(examples: examples, validation: validation)
    guard fingerprint == state.fingerprint else {
      throw TrainingError(
        .notResumable, path: file.path,
        "the run learns from \(state.fingerprint), but \(fingerprint) were given;"
          + " give the same data")
    }
    try state.checkSizes(in: file)
    try self.init(
      state.configuration, examples: examples, validation: validation, threadCount: threadCount)
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
  /// What examples are told by.
  struct Fingerprint: Codable, Equatable, CustomStringConvertible {
    var count: Int
    var inputCount: Int
    var checksum: UInt32
    var validationCount: Int
    var validationChecksum: UInt32

    init(examples: TrainingExamples, validation: TrainingExamples?) {
      count = examples.count
      inputCount = examples.inputCount
      checksum = examples.checksum
      validationCount = validation?.count ?? 0
      validationChecksum = validation?.checksum ?? 0
    }

    var description: String {
      "\(count) examples with \(inputCount) inputs, and \(validationCount) for validation"
        + " (checksums \(String(checksum, radix: 16)), \(String(validationChecksum, radix: 16)))"
    }
  }

  /// Checks that the file holds as many weights as it claims, before memory is taken for them.
  func checkSizes(in file: TensorFile) throws(TrainingError) {
    for parameter in configuration.network.parameters {
      let name = parameter.weightName + ".mu"
      let shape = [parameter.weights.rows, parameter.weights.columnCount]
      guard file[name]?.shape == shape else { throw Self.lacks(name, shape: shape, file) }
    }
  }

  /// The error of a file that claims what cannot be.
  static func damaged(_ file: TensorFile, _ claim: String) -> TrainingError {
    TrainingError(
      .notResumable, path: file.path,
      "says that \(claim); the file is damaged, use an older one")
  }

  /// The error of a file without a tensor that its configuration needs.
  static func lacks(_ name: String, shape: [Int], _ file: TensorFile) -> TrainingError {
    TrainingError(
      .notResumable, path: file.path,
      "the saved run lacks \"\(name)\" of shape "
        + "\(shape.map(String.init).joined(separator: "×")); the file is damaged, use an older one"
    )
  }

  init(_ file: TensorFile) throws(TrainingError) {
    guard let json = file.metadata[Self.metadataKey],
      let state = try? JSONDecoder().decode(Self.self, from: Data(json.utf8))
    else {
      throw TrainingError(
        .notResumable, path: file.path,
        "holds no saved training run; give the .state file that 'train' leaves beside"
          + " its checkpoint")
    }
    self = state
  }
}

extension TrainedNetwork {
  /// The CRC-32 of the checksums of all that ``ParameterTensor/persistentBuffers`` hold.
  var checksum: UInt32 {
    let checksums = tensors.flatMap(\.persistentBuffers).map { _, buffer in
      let values = buffer.values
      return crc32(values.span.bytes)
    }
    return crc32(checksums.span.bytes)
  }
}

extension ParameterTensor {
  /// What a run needs of this tensor to go on; draws and variances follow from it.
  var persistentBuffers: [(name: String, buffer: AlignedBuffer<Float>)] {
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
        throw TrainingState.lacks(name, shape: shape, file)
      }
      buffer.values = values
    }
  }
}
