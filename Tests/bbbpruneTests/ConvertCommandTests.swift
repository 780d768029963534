import BBBTensors
import Foundation
import TestSupport
import Testing

/// Models as graphs for other runtimes, as users meet them.
final class ConvertCommandTests {
  private let commandLine: CommandLine
  /// Two examples: of each class one.
  private static let inputs: [Double] = [1, 0.5, 0, 0, 0, 0, 0.75, 1]

  init() throws {
    commandLine = try CommandLine()
    try SmallProblem.writeCheckpoint(to: commandLine.path("model.safetensors"))
    try NPYEncoder.encode(
      Tensor(name: "x", shape: [2, 4], floats: Self.inputs.map { Float($0) })
    ).write(to: URL(filePath: commandLine.path("x.npy")))
  }

  deinit { commandLine.removeFolder() }

  /// What `predict` makes of the inputs.
  private func predictions(_ arguments: String) throws -> [Double] {
    _ = try commandLine.output(of: "predict \(arguments) --input x.npy -o y.npy")
    return try #require(TensorFile(contentsOf: commandLine.path("y.npy")).tensors.first).doubles()
  }

  private func answer(_ name: String) throws -> [Double?] {
    let file = try Data(contentsOf: URL(filePath: commandLine.path(name)))
    let answer = try #require(
      PythonRuntime.answers(to: [PythonRuntime.Graph(file: file, inputs: Self.inputs)]).first)
    #expect(answer.error == nil)
    return answer.outputs
  }

  private func expectAlike(
    _ found: [Double?], _ expected: [Double], tolerance: Double = 1e-6,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    for (found, expected) in zip(found, expected) {
      #expect(
        abs((found ?? .nan) - expected) <= tolerance * max(1, abs(expected)),
        sourceLocation: sourceLocation)
    }
  }

  @Test(
    "convert writes what predict gives, raw or as probabilities",
    .enabled(if: PythonRuntime.isThere, Comment(rawValue: PythonRuntime.remedy)))
  func outputs() throws {
    _ = try commandLine.output(
      of: "export model.safetensors --sparsity 0.5 --values float32 -o m.bbbz")
    let report = try commandLine.object(of: "convert m.bbbz -o m.onnx")
    #expect(report["weights"] as? Int == 8 && report["dense_weights"] as? Int == 12)
    #expect(
      report["bytes"] as? Int
        == (try Data(contentsOf: URL(filePath: commandLine.path("m.onnx"))).count))
    expectAlike(try answer("m.onnx"), try predictions("m.bbbz --raw"))
    _ = try commandLine.output(of: "convert m.bbbz --probabilities -o p.onnx")
    expectAlike(try answer("p.onnx"), try predictions("m.bbbz"))
    _ = try commandLine.output(of: "convert m.bbbz --values float16 -o h.onnx")
    expectAlike(try answer("h.onnx"), try predictions("m.bbbz --raw"), tolerance: 2e-3)
    // The same command, the same bytes.
    _ = try commandLine.output(of: "convert m.bbbz -o again.onnx")
    #expect(
      try Data(contentsOf: URL(filePath: commandLine.path("m.onnx")))
        == Data(contentsOf: URL(filePath: commandLine.path("again.onnx"))))
  }

  @Test(
    "export --compact writes a graph of what is left, of a network that no graph was given of",
    .enabled(if: PythonRuntime.isThere, Comment(rawValue: PythonRuntime.remedy)))
  func export() throws {
    let report = try commandLine.object(
      of: "export model.safetensors --units --sparsity 0.34 --compact -o u.onnx")
    #expect(report["written"] as? Int == 12)
    _ = try commandLine.output(
      of: "export model.safetensors --units --sparsity 0.34 --values float32 -o u.bbbz")
    expectAlike(try answer("u.onnx"), try predictions("u.bbbz --raw"))
    _ = try commandLine.output(
      of: "export model.safetensors --sparsity 0.6 --compact --values float16 -o c.onnx")
    _ = try commandLine.output(
      of: "export model.safetensors --sparsity 0.6 --values float16 -o c.bbbz")
    expectAlike(try answer("c.onnx"), try predictions("c.bbbz --raw"), tolerance: 1e-3)
  }

  @Test(
    "options that mean nothing for a graph are refused with a sentence about graphs",
    arguments: [
      (
        "export model.safetensors --sparsity 0.5 -o m.onnx",
        "add '--network mean.onnx', or '--compact'"
      ),
      ("export model.safetensors --units --sparsity 0.5 -o m.onnx", "add '--compact'"),
      (
        "export model.safetensors --sparsity 0.5 --compact --precision 0.01 -o m.onnx",
        "'--precision' is not for .onnx: a graph holds floats"
      ),
      (
        "export model.safetensors --sparsity 0.5 --compact --calibrate x.npy --no-condition -o m.onnx",
        "'--calibrate' with '--no-condition' is for rounding"
      ),
      (
        "export model.safetensors --sparsity 0.5 --compact --dataset mnist -o m.onnx",
        "'--dataset' is for '--max-error-increase'"
      ),
      (
        "export model.safetensors --compact --max-error-increase 1 --dataset mnist -o m.onnx",
        "convert it ('bbbprune convert')"
      ),
      (
        "export model.safetensors --sparsity 0.5 --compact --masks m.npz -o m.onnx",
        "'--masks' is not for .onnx: removed weights are zeros in it, or gone"
      ),
      (
        "export model.safetensors --sparsity 0.5 --compact --keep-uncertainty -o m.onnx",
        "'--keep-uncertainty' is not for .onnx"
      ),
      ("convert model.bbbz -o model.npz", "'model.npz' should end in .onnx"),
      ("convert model.safetensors -o model.onnx", "not a .bbbz"),
      ("convert missing.bbbz -o model.onnx", "missing.bbbz"),
    ])
  func refusals(arguments: String, sentence: String) throws {
    let outcome = try commandLine.run(arguments.split(separator: " ").map(String.init))
    #expect(outcome.exitCode != 0)
    #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    #expect(!(try commandLine.contents().contains { $0.hasSuffix(".onnx") }))
  }

  @Test("probabilities are refused of a network that predicts numbers")
  func numbers() throws {
    _ = try commandLine.output(
      of: "export model.safetensors --sparsity 0 --values float32 --output numbers -o n.bbbz")
    let outcome = try commandLine.run("convert", "n.bbbz", "--probabilities", "-o", "n.onnx")
    #expect(outcome.exitCode == 64 && outcome.errors.contains("'--probabilities' is for classes"))
  }
}
