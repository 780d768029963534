import Foundation
import Testing

@testable import BBBInference

/// The Python interpreter, where there is one.
private enum Python {
  static let hasNumPy = (try? run(["-c", "import numpy"])) == 0

  static func run(_ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}

/// The Python reader in `docs/`, written from the specification, is the second opinion on the format.
@Suite(.enabled(if: Python.hasNumPy, "needs python3 with NumPy"))
struct PythonReaderTests {
  static let docs = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../docs").standardizedFileURL.path

  /// Compares with what Swift decodes: each layer's matrix, mask and biases, as raw little-endian bytes.
  static let comparison = """
    import sys, numpy as np
    sys.path.insert(0, sys.argv[1])
    from read_bbbz import read_bbbz
    model = read_bbbz(sys.argv[2])
    expected = np.fromfile(sys.argv[3], "<f4")
    actual = np.concatenate([np.concatenate(
        [l.weights.ravel(), l.is_present.ravel().astype("<f4"), l.biases]) for l in model.layers])
    assert abs(model.input_scale - 1 / 126) < 1e-15 and model.criterion == "snr"
    assert actual.astype("<f4").tobytes() == expected.tobytes()
    """

  @Test(arguments: [0.005, 0.05, 0.5, 1], ValueEncoding.allCases)
  func `rebuilds the same weights from the same file`(
    density: Double, encoding: ValueEncoding
  ) throws {
    let model = CompactModel.random(
      sizes: [784, 120, 300, 10], density: density, seed: 21, inputScale: 1.0 / 126)
    let bytes = try model.encoded(valuesAs: encoding)
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let modelFile = folder.appending(path: "model.bbbz")
    try Data(bytes).write(to: modelFile)
    let denseFile = folder.appending(path: "dense.f32")
    try dense(try CompactModel(bytes: bytes)).withUnsafeBytes { Data($0) }.write(to: denseFile)
    let arguments = ["-c", Self.comparison, Self.docs, modelFile.path, denseFile.path]
    #expect(try Python.run(arguments) == 0)
  }

  private func dense(_ model: CompactModel) -> [Float] {
    model.layers.flatMap { layer in
      var weights = [Float](repeating: 0, count: layer.inputCount * layer.outputCount)
      var mask = weights
      for output in 0..<layer.outputCount {
        for index in Int(layer.rowStarts[output])..<Int(layer.rowStarts[output + 1]) {
          let place = output * layer.inputCount + Int(layer.columns[index])
          weights[place] = layer.values[index]
          mask[place] = 1
        }
      }
      return weights + mask + layer.biases
    }
  }
}
