import Foundation
import TestSupport
import Testing

/// Posteriors of recurrent classifiers with their graphs, end to end, against ONNX Runtime.
@Suite(
  "A recurrent classifier",
  .enabled(if: PythonRuntime.isThere, Comment(rawValue: PythonRuntime.remedy)))
final class RecurrentGraphTests {
  let commandLine: CommandLine

  init() throws { commandLine = try CommandLine() }

  deinit { commandLine.removeFolder() }

  /// Writes a random posterior of a bidirectional layer and a linear one, as PyTorch names and orders its gates, with the graph of its
  /// means as exporters write it; inputs; and what ONNX Runtime makes of a graph.
  private static let script = """
    import sys, numpy as np, onnx, onnxruntime
    from onnx import TensorProto, helper, numpy_helper
    task, folder, kind = sys.argv[1:4]
    if task == "run":
        session = onnxruntime.InferenceSession(folder + "/" + kind, providers=["CPUExecutionProvider"])
        logits = session.run(None, {"x": np.load(folder + "/x.npy").reshape(-1, 6, 4)})[0]
        powers = np.exp(logits - logits.max(1, keepdims=True))
        found = np.load(folder + "/found.npy")
        print(abs(powers / powers.sum(1, keepdims=True) - found).max())
        sys.exit()
    random = np.random.default_rng(5)
    order = {"LSTM": [0, 3, 1, 2], "GRU": [1, 0, 2], "RNN": [0]}[kind]
    rows, units = 8 * len(order), 8
    means, stacks = {}, [[], [], []]
    def tensor(name, *shape):
        means[name] = (random.standard_normal(shape) / 2).astype(np.float32)
        return means[name]
    def gates(array):
        return np.concatenate([np.split(array, len(order))[gate] for gate in order])
    for direction in ["", "_reverse"]:
        stacks[0].append(gates(tensor("rnn.weight_ih_l0" + direction, rows, 4)))
        stacks[1].append(gates(tensor("rnn.weight_hh_l0" + direction, rows, units)))
        stacks[2].append(np.concatenate([gates(tensor(f"rnn.bias_{side}_l0" + direction, rows)) for side in ["ih", "hh"]]))
    constants = {f"onnx::{kind}_{number}": np.stack(stack) for number, stack in enumerate(stacks)}
    constants |= {"last": np.array(-1), "shape": np.array([0, -1]), "fc.weight": tensor("fc.weight", 3, 16), "fc.bias": tensor("fc.bias", 3)}
    nodes = [("Transpose", "x", "t", {"perm": [1, 0, 2]}),
             (kind, " ".join(["t", *list(constants)[:3]]), "h", {"hidden_size": units, "direction": "bidirectional"}),
             ("Transpose", "h", "b", {"perm": [0, 2, 1, 3]}), ("Gather", "b last", "s", {"axis": 0}), ("Reshape", "s shape", "f", {}),
             ("Gemm", "f fc.weight fc.bias", "y", {"transB": 1})]
    if kind == "GRU":
        nodes[1][3]["linear_before_reset"] = 1
    graph = helper.make_graph(
        [helper.make_node(op, read.split(), [made], **given) for op, read, made, given in nodes], "mean",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 6, 4])], [onnx.ValueInfoProto(name="y")],
        [numpy_helper.from_array(array, name) for name, array in constants.items()])
    onnx.save(helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)]), folder + "/mean.onnx")
    arrays = {}
    for name, mean in means.items():
        arrays[name + ".mu"] = mean
        arrays[name + ".sigma"] = random.uniform(0.05, 0.5, mean.shape).astype(np.float32)
    np.savez(folder + "/posterior.npz", **arrays)
    np.save(folder + "/x.npy", random.standard_normal((20, 24)).astype(np.float32))
    """

  @Test(
    "of PyTorch's is found in its graph, pruned, and written as a model and as a graph that agree",
    arguments: ["LSTM", "GRU", "RNN"])
  func prunedAlike(kind: String) throws {
    let folder = commandLine.path("")
    _ = try PythonRuntime.run(["-c", Self.script, "make", folder, kind])
    let reading = [
      "--network", commandLine.path("mean.onnx"), "--mean", "*.mu", "--scale", "*.sigma",
      "--scale-is",
      "sigma", "--output", "classes", "--input-scale", "1",
    ]
    for sparsity in ["0", "0.9"] {
      for (output, options) in [("pruned.bbbz", ["--values", "float32"]), ("pruned.onnx", [])] {
        let exported = try commandLine.run(
          ["export", commandLine.path("posterior.npz"), "--sparsity", sparsity, "-o", output]
            + options
            + reading)
        #expect(exported.exitCode == 0, "\(exported.errors)")
      }
      let predicted = try commandLine.run(
        ["predict", "pruned.bbbz", "--input", commandLine.path("x.npy"), "-o", "found.npy"])
      #expect(predicted.exitCode == 0, "\(predicted.errors)")
      let printed = try PythonRuntime.run(["-c", Self.script, "run", folder, "pruned.onnx"])
      let text = String(decoding: printed, as: UTF8.self).trimmingCharacters(
        in: .whitespacesAndNewlines)
      #expect(try #require(Double(text)) < 1e-5, "\(kind) at \(sparsity)")
    }
  }
}
