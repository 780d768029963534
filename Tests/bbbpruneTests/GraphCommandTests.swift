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
    "is written with zeros, and gives PyTorch's pruned outputs in ONNX Runtime, whatever they mean",
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

  @Test(
    "of whole units is smaller, and gives what the .bbbz gives, under the names of the graph that was given",
    .enabled(if: PythonRuntime.isThere, Comment(rawValue: PythonRuntime.remedy)),
    arguments: ["ivon_resnet20.pt", "ivon_mobilenet.pt", "ivon_vit.pt", "blitz_binary.pt"])
  func smallerGraph(checkpoint: String) throws {
    let name = String(checkpoint.split(separator: ".")[0])
    let pruning = ["--units", "--sparsity", "0.4"] + reading(name)
    for (output, values) in [("u.onnx", "float32"), ("h.onnx", "float16"), ("u.bbbz", "float32")] {
      let outcome = try commandLine.run(
        ["export", SharedFolder.graph(checkpoint), "-o", output, "--values", values] + pruning)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
    }
    let sizes = try ["u.onnx", "h.onnx"].map {
      try Data(contentsOf: URL(filePath: commandLine.path($0))).count
    }
    let given = try Data(contentsOf: URL(filePath: SharedFolder.graph("\(name).onnx"))).count
    #expect(Double(sizes[0]) < 0.8 * Double(given))
    #expect(Double(sizes[1]) < 0.75 * Double(sizes[0]))
    let script = """
      import numpy, onnx, onnxruntime, sys
      given, written, half, arrays, inputs = sys.argv[1:]
      sessions = [onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]) for path in (given, written, half)]
      for path in (written, half):
          onnx.checker.check_model(path, full_check=True)
      assert len({(s.get_inputs()[0].name, s.get_outputs()[0].name) for s in sessions}) == 1
      x = numpy.load(arrays)["input"]
      numpy.save(inputs, x)
      outputs = [s.run(None, {s.get_inputs()[0].name: x})[0] for s in sessions]
      assert len({y.shape for y in outputs}) == 1
      numpy.savez(inputs + ".npz", whole=outputs[1], half=outputs[2])
      """
    _ = try PythonRuntime.run([
      "-c", script, SharedFolder.graph("\(name).onnx"), commandLine.path("u.onnx"),
      commandLine.path("h.onnx"), SharedFolder.graph("\(name).outputs.npz"),
      commandLine.path("x.npy"),
    ])
    // The graph of the binary network ends in a probability, as the one that was given does.
    let isBinary = name == "blitz_binary"
    _ = try commandLine.output(
      of: "predict u.bbbz --input x.npy -o y.npy" + (isBinary ? "" : " --raw"))
    let expected = try #require(
      TensorFile(contentsOf: commandLine.path("y.npy")).tensors.first
    ).doubles()
    let range = try #require(expected.max()) - (try #require(expected.min()))
    for tensor in try TensorFile(contentsOf: commandLine.path("x.npy.npz")).tensors {
      let found = try tensor.doubles()
      // predict tells both probabilities.
      let outputs =
        isBinary && expected.count == 2 * found.count
        ? found.indices.map { expected[2 * $0 + 1] } : expected
      #expect(found.count == outputs.count)
      for (found, expected) in zip(found, outputs) {
        #expect(abs(found - expected) < (tensor.name == "whole" ? 1e-4 : 1e-2) * range)
      }
    }
  }

  @Test(
    "is written with zeros in half precision, which ONNX Runtime reads",
    .enabled(if: PythonRuntime.isThere, Comment(rawValue: PythonRuntime.remedy)),
    arguments: ["onnx", "nofold.onnx", "dynamo.onnx"])
  func halfGraph(graph: String) throws {
    for (output, values) in [("h.onnx", ["--values", "float16"]), ("w.onnx", [])] {
      let outcome = try commandLine.run(
        ["export", SharedFolder.graph("ivon_resnet20.pt"), "--sparsity", "0.9", "-o", output]
          + values + reading("ivon_resnet20", graph))
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
    }
    let script = """
      import numpy, onnx, onnxruntime, os, sys
      onnx.checker.check_model(sys.argv[1], full_check=True)
      names = [{i.name for i in onnx.load(path).graph.initializer} for path in sys.argv[1:3]]
      assert names[0] == names[1], "initializers keep their names"
      x = numpy.load(sys.argv[3])["input"]
      outputs = []
      for path in sys.argv[1:3]:
          session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
          outputs.append(session.run(None, {session.get_inputs()[0].name: x})[0])
      print(abs(outputs[0] - outputs[1]).max() / numpy.ptp(outputs[1]),
            os.path.getsize(sys.argv[1]) / os.path.getsize(sys.argv[2]))
      """
    let printed = try PythonRuntime.run([
      "-c", script, commandLine.path("h.onnx"), commandLine.path("w.onnx"),
      SharedFolder.graph("ivon_resnet20.outputs.npz"),
    ])
    let numbers = String(decoding: printed, as: UTF8.self)
      .split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    #expect(numbers.count == 2 && numbers[0] < 0.01 && numbers[0] > 0 && numbers[1] < 0.6)
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
