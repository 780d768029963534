/// One parser, with what it takes to fuzz it.
struct FuzzTarget: Sendable {
  /// What the command line calls it.
  var name: String
  /// Reads an input and ends the process if a promise is broken: no input may do so.
  var test: @Sendable ([UInt8]) -> Void
  /// Inputs to begin with, made of the tests' fixtures or by program.
  var seeds: @Sendable ([Fixture]) throws -> [[UInt8]]
  /// Words of the format that mutation should not have to invent.
  var dictionary: [String] = []
  /// How inputs are taken apart and sealed again, where checksums or compression would otherwise stop
  /// every mutation at the door.
  var container: (any SealedContainer.Type)?

  static let all = [
    safetensors, safetensorsIndex, npy, npz, pytorch, pytorchLegacy, pickle, idx, csv, network,
    onnx, compactModel,
  ]
}

/// A file among the tests' fixtures.
struct Fixture {
  var name: String
  var bytes: [UInt8]
}

/// The target that `--target=NAME` names.
let selectedTarget: FuzzTarget = {
  guard let target = FuzzTarget.all.first(where: { $0.name == option("target") }) else {
    let names = FuzzTarget.all.map(\.name).joined(separator: ", ")
    fatalError("give --target=NAME; the targets are \(names)")
  }
  return target
}()

/// Ends the process if a promise is broken, which libFuzzer reports as a crash.
func require(_ isTrue: Bool, _ promise: String) {
  if !isTrue { fatalError("broken promise: " + promise) }
}

/// Checks that an error is one sentence that can be shown.
func requireMessage(_ message: String) {
  require(!message.isEmpty, "an error has a message")
  require(
    message.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control },
    "a message has no control characters")
  require(message.unicodeScalars.count <= 4000, "a message has an end")
}
