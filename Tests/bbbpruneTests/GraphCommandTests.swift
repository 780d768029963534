import BBBTensors
import Foundation
import TestSupport
import Testing

/// Checkpoints with the graphs of their means, end to end.
@Suite(
  "--network mean.onnx",
  .enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
final class GraphCommandTests {
  let commandLine: CommandLine

  init() throws { commandLine = try CommandLine() }

  deinit { commandLine.removeFolder() }

  private func reading(_ name: String, _ graph: String = "onnx") -> [String] {
    ["--network", SharedFolder.graph("\(name).\(graph)")]
  }

  @Test("is inspected, exported, evaluated and swept")
  func commands() throws {
    let checkpoint = SharedFolder.graph("blitz_binary.pt")
    let data = ["--images", SharedFolder.graph("blitz_binary.data.npz")]
    let scaling = reading("blitz_binary") + ["--input-scale", "1"]
    let inspected = try commandLine.run(["inspect", checkpoint] + scaling)
    #expect(inspected.exitCode == 0, "\(inspected.errors)")
    #expect(inspected.output.contains("\n  fc1-tanh = tanh\n"), "\(inspected.output)")
    let swept = try commandLine.run(
      ["sweep", checkpoint, "--sparsity", "0,0.5"] + scaling + data)
    #expect(swept.exitCode == 0, "\(swept.errors)")
    let exported = try commandLine.run(
      ["export", checkpoint, "--sparsity", "0.5", "-o", "m.bbbz", "--values", "float32"] + scaling)
    #expect(exported.exitCode == 0, "\(exported.errors)")
    let evaluated = try commandLine.run(["evaluate", "m.bbbz"] + data)
    // 747 of 10,000, as the reference has it.
    #expect(evaluated.output.contains("7.47 %"), "\(evaluated.output) \(evaluated.errors)")
  }

  @Test(
    "is written with zeros, and gives PyTorch's pruned outputs in ONNX Runtime",
    .enabled(if: PythonRuntime.isThere, Comment(rawValue: PythonRuntime.remedy)),
    arguments: [
      ("ivon_lenet5.pt", "onnx"), ("ivon_resnet20.pt", "nofold.onnx"),
      ("ivon_mobilenet.pt", "dynamo.onnx"), ("torchbnn_regression.pt", "onnx"),
    ])
  func writtenGraph(checkpoint: String, graph: String) throws {
    let name = String(checkpoint.split(separator: ".")[0])
    let outcome = try commandLine.run(
      [
        "export", SharedFolder.graph(checkpoint), "--sparsity", "0.9", "-o", "pruned.onnx",
        "--output", name == "torchbnn_regression" ? "numbers" : "classes",
      ] + reading(name, graph))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let script = """
      import numpy, onnx, onnxruntime, sys
      onnx.checker.check_model(sys.argv[1])
      arrays = numpy.load(sys.argv[2])
      session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
      found = session.run(None, {session.get_inputs()[0].name: arrays["input"]})[0]
      expected = arrays["output_0.9"]
      print(abs(found - expected).max() / max(numpy.ptp(expected), 1e-3))
      """
    let printed = try PythonRuntime.run([
      "-c", script, commandLine.path("pruned.onnx"), SharedFolder.graph("\(name).outputs.npz"),
    ])
    let text = String(decoding: printed, as: UTF8.self).trimmingCharacters(
      in: .whitespacesAndNewlines)
    #expect(try #require(Double(text)) < 1e-4)
  }

  @Test("is a model by itself: it predicts as PyTorch does, and is pruned by magnitude")
  func alone() throws {
    let graph = SharedFolder.graph("ivon_lenet5.onnx")
    let arrays = try TensorFile(contentsOf: SharedFolder.graph("ivon_lenet5.outputs.npz"))
    let inputs = try #require(arrays["input"])
    try NPYEncoder.encode(inputs).write(to: URL(filePath: commandLine.path("x.npy")))
    let predicted = try commandLine.run(
      "predict", graph, "--input", "x.npy", "--raw", "-o", "y.npy")
    #expect(predicted.exitCode == 0, "\(predicted.errors)")
    let outputs = try TensorFile(contentsOf: commandLine.path("y.npy")).tensors[0]
    #expect(outputs.shape == [64, 10])
    let expected = try #require(arrays["output_0"]).floats()
    let range = try #require(expected.max()) - #require(expected.min())
    for (output, expected) in zip(try outputs.floats(), expected) {
      #expect(abs(output - expected) < 1e-4 * range)
    }
    let inspected = try commandLine.run("inspect", graph)
    #expect(inspected.output.contains("convention: ONNX graph; σ = 0"), "\(inspected.errors)")
    let ranked = try commandLine.run("export", graph, "--sparsity", "0.9", "-o", "m.bbbz")
    #expect(ranked.exitCode == 65)
    #expect(ranked.errors.contains("rank by '--criterion magnitude'"), "\(ranked.errors)")
    for output in ["m.bbbz", "pruned.onnx", "tensors.npz"] {
      let exported = try commandLine.run(
        "export", graph, "--criterion", "magnitude", "--sparsity", "0.9", "-o", output)
      #expect(exported.output.contains("(sparsity 90 %, by magnitude)"), "\(exported.errors)")
    }
    let twice = try commandLine.run("inspect", graph, "--network", graph)
    #expect(twice.exitCode == 64 && twice.errors.contains("leave out '--network'"))
  }

  @Test("must be given for a graph to be written, and what a graph cannot hold is refused")
  func refusals() throws {
    let checkpoint = SharedFolder.graph("ivon_lenet5.pt")
    let missing = try commandLine.run(
      ["export", checkpoint, "--sparsity", "0.5", "-o", "x.onnx"])
    #expect(missing.exitCode == 64 && missing.errors.contains("add '--network mean.onnx'"))
    let uncertain = try commandLine.run(
      ["export", checkpoint, "--sparsity", "0.5", "-o", "x.onnx", "--keep-uncertainty"]
        + reading("ivon_lenet5"))
    #expect(
      uncertain.exitCode == 64 && uncertain.errors.contains("'--keep-uncertainty' is not for .onnx")
    )
    let other = try commandLine.run(
      ["inspect", SharedFolder.graph("ivon_resnet20.pt")] + reading("laplace_resnet20"))
    #expect(other.exitCode == 65)
    #expect(
      other.errors.contains("is in \(SharedFolder.graph("laplace_resnet20.onnx")) too")
        || other.errors.contains("no matrix of"), "\(other.errors)")
  }
}
