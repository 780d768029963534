import BBBNetwork
import Foundation
import TestSupport
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

  /// Compares with what Swift decodes: each matrix, its mask and biases, and their standard deviations
  /// if there are any, as raw little-endian bytes.
  static let comparison = """
    import sys, numpy as np
    sys.path.insert(0, sys.argv[1])
    from read_bbbz import read_bbbz
    model = read_bbbz(sys.argv[2])
    expected = np.fromfile(sys.argv[3], "<f4")
    actual = []
    for l in model.matrices:
        actual += [l.weights.ravel(), l.is_present.ravel().astype("<f4"), l.biases]
        if l.weight_deviations is not None:
            actual += [l.weight_deviations.ravel(), l.bias_deviations]
    assert abs(model.input_scale - 1 / 126) < 1e-15 and model.criterion == "snr"
    # Powers of two may differ in their last bit.
    assert np.allclose(np.concatenate(actual), expected, rtol=2e-7, atol=0)
    if len(sys.argv) > 4:
        assert [l.cost for l in model.matrices] == [float(c) for c in sys.argv[4].split(",")]
    """

  @Test(arguments: [0.005, 0.05, 0.5, 1], [ValueEncoding.float32, .float16])
  func `rebuilds the same weights from the same file`(
    density: Double, encoding: ValueEncoding
  ) throws {
    let model = CompactModel.random(
      sizes: [784, 120, 300, 10], density: density, seed: 21,
      inputScaling: try #require(InputScaling(factor: 1.0 / 126)))
    try compare(model.encoded(valuesAs: encoding))
    try compare(model.inCodingOrder().encoded(valuesAs: encoding))
  }

  @Test(arguments: [0.02, 0.3])
  func `rebuilds quantised weights, and knows what they cost`(density: Double) throws {
    let model = QuantisedModelFileTests.model(density: density, costs: [3, 0.5])
    try compare(model.encoded(valuesAs: nil), costs: "3,0.5")
  }

  @Test(arguments: [Float(0.37), 0.125])
  func `reads every table of levels`(factor: Float) throws {
    let model = QuantisedModelFileTests.model(density: 0.1)
    let other = CompactModel(
      layers: model.layers.map { layer in
        ChainLayer(
          inputCount: layer.inputCount, rowStarts: layer.rowStarts, columns: layer.columns,
          values: layer.values.map { ($0 * 8).rounded() * factor + ($0 > 0.35 ? 0.0625 : 0) },
          biases: layer.biases, activation: layer.activation)
      }, output: model.output, inputScaling: model.inputScaling, origin: model.origin)
    try compare(other.encoded(valuesAs: nil))
  }

  @Test(arguments: [0.05, 0.2])
  func `rebuilds standard deviations`(density: Double) throws {
    let model = UncertaintyTests.model(density: density)
    try compare(
      CompactModel(
        layers: model.layers, output: .classes,
        inputScaling: try #require(InputScaling(factor: 1.0 / 126)), origin: model.origin
      ).encoded())
  }

  @Test(arguments: Activation.allCases)
  func `computes the same outputs of normalised pixels`(activation: Activation) throws {
    let model = NetworkMeaningFileTests.model(
      activation: activation, output: .numbers(noiseDeviation: 0.5),
      inputScaling: try NetworkMeaningFileTests.normalised(
        means: [0.1, 0.2, 0.3], deviations: [0.5, 0.25, 1]))
    let pixels = (0..<12).map { UInt8($0 * 21) }
    let script = """
      import sys, numpy as np
      sys.path.insert(0, sys.argv[1])
      from read_bbbz import read_bbbz
      model = read_bbbz(sys.argv[2])
      assert model.output == "numbers" and model.noise_deviation == 0.5
      activations = [n.operation for n in model.nodes if n.operation != "linear"]
      assert activations == ([sys.argv[4]] if sys.argv[4] != "none" else [])
      actual = model.outputs(model.scaled(np.arange(12) * 21))
      assert np.allclose(actual, np.fromfile(sys.argv[3], "<f4"), rtol=1e-5, atol=1e-6, equal_nan=True)
      """
    try run(
      script, try model.encoded(), numbers: model.predictOutputs(for: pixels), activation.rawValue)
  }

  @Test(arguments: 0..<16 as Range<UInt64>)
  func `computes the outputs of every operation`(seed: UInt64) throws {
    let model = RandomGraph(seed: 300 + seed).model
    var generator = SeededGenerator(seed: seed)
    let inputs = (0..<3 * model.inputCount).map { _ in Float.random(in: -1...1, using: &generator) }
    let script = """
      import sys, numpy as np
      sys.path.insert(0, sys.argv[1])
      from read_bbbz import read_bbbz
      model = read_bbbz(sys.argv[2])
      numbers = np.fromfile(sys.argv[3], "<f4")
      count = 3 * int(np.prod(model.input_shape))
      actual = model.outputs(numbers[:count].reshape(3, -1)).ravel()
      scale = max(1, np.abs(actual).max())
      assert np.allclose(actual, numbers[count:], rtol=0, atol=3e-5 * scale)
      """
    try run(
      script, model.inCodingOrder().encoded(),
      numbers: inputs + (try model.predictOutputs(for: inputs)), nil)
  }

  @Test func `reads files of version 1`() throws {
    let model = CompactModel.random(
      sizes: [60, 40, 10], density: 0.2, seed: 27,
      inputScaling: try #require(InputScaling(factor: 1.0 / 126)))
    try compare(VersionOneTests.file(of: model, valuesAs: .float16))
  }

  private func compare(_ bytes: [UInt8], costs: String? = nil) throws {
    try run(Self.comparison, bytes, numbers: dense(try CompactModel(bytes: bytes)), costs)
  }

  /// Runs a script on the reader's folder, a file with a model, one with numbers, and another argument.
  private func run(
    _ script: String, _ bytes: [UInt8], numbers: [Float], _ argument: String?
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let modelFile = folder.appending(path: "model.bbbz")
    try Data(bytes).write(to: modelFile)
    let denseFile = folder.appending(path: "dense.f32")
    try numbers.withUnsafeBytes { Data($0) }.write(to: denseFile)
    let arguments =
      ["-c", script, Self.docs, modelFile.path, denseFile.path]
      + [argument].compactMap(\.self)
    #expect(try Python.run(arguments) == 0)
  }

  private func dense(_ model: CompactModel) -> [Float] {
    model.layers.flatMap { layer in
      var weights = [Float](repeating: 0, count: layer.inputCount * layer.outputCount)
      var mask = weights
      var deviations = weights
      for output in 0..<layer.outputCount {
        for index in Int(layer.rowStarts[output])..<Int(layer.rowStarts[output + 1]) {
          let place = output * layer.inputCount + Int(layer.columns[index])
          weights[place] = layer.values[index]
          mask[place] = 1
          deviations[place] = layer.standardDeviations?.weights[index] ?? 0
        }
      }
      let uncertainty = layer.standardDeviations.map { deviations + $0.biases } ?? []
      return weights + mask + layer.biases + uncertainty
    }
  }
}
