import Foundation
import Testing

@testable import BBBONNX

/// What does not become a network, and what is said of it.
@Suite struct LoweringRefusalTests {
  private static let image = [TestModel.input("x", ["n", "2", "4", "4"])]
  private static let tokens = [TestModel.input("x", ["n", "4", "3"])]
  private static let matrix = TestModel.floats("w", [Float](repeating: 1, count: 9), shape: [3, 3])
  private static let kernel = TestModel.floats("k", [1, 2, 3, 4], shape: [2, 2, 1, 1])
  private static let number = TestModel.floats("c", [2], shape: [])
  private static let product = TestModel.node("MatMul", ["x", "w"], ["m"])
  private static let statistics = TestModel.floats("s", [1, 1, 1])
  private static let normalization = ["m", "s", "s", "s", "s"]
  private static let constants = [matrix, kernel, number, statistics]

  private func expect(
    _ model: Onnx_ModelProto, says text: String, at location: SourceLocation = #_sourceLocation
  ) throws {
    let graph = try model.read()
    let error = #expect(throws: ONNXError.self) { try graph.network() }
    #expect(error?.description == text, sourceLocation: location)
  }

  private func expect(
    _ nodes: [Onnx_NodeProto],
    _ inputs: [Onnx_ValueInfoProto] = [TestModel.input("x", ["n", "3"])],
    with more: [Onnx_TensorProto] = [], opset: Int64 = 20, says text: String,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    try expect(
      TestModel.model(nodes, inputs: inputs, initializers: Self.constants + more, opset: opset),
      says: text, at: location)
  }

  @Test func recurrentLayers() throws {
    let weights = [
      TestModel.floats("r", [Float](repeating: 1, count: 4), shape: [1, 2, 2]),
      TestModel.floats("v", [Float](repeating: 1, count: 6), shape: [1, 2, 3]),
    ]
    let turn = TestModel.node("Transpose", ["x"], ["t"], [TestModel.attribute("perm", [1, 0, 2])])
    let functions = Onnx_AttributeProto.with {
      $0.name = "activations"
      $0.type = .strings
      $0.strings = [Data("Affine".utf8)]
    }
    try expect(
      [turn, TestModel.node("RNN", ["t", "v", "r"], ["y"], [functions])], Self.tokens,
      with: weights,
      says:
        "node \"rnn\" (RNN) has the activation Affine, which is not run in recurrent layers yet; use sigmoid, tanh or relu"
    )
    try expect(
      [turn, TestModel.node("RNN", ["t", "v", "r"])], [TestModel.input("x", ["n", "20000", "3"])],
      with: weights,
      says:
        "node \"rnn\" (RNN) has 20000 steps, and a network can have 16384 operations; export the network for shorter sequences"
    )
  }

  @Test func wholeGraphs() throws {
    let relu = TestModel.node("Relu", ["x"])
    try expect(
      TestModel.model(
        [relu], inputs: [TestModel.input("x", ["n", "3"]), TestModel.input("z", ["n", "3"])]),
      says:
        "the graph has 2 inputs (\"x\", \"z\"), and networks of one are run; export the "
        + "network with its other inputs as constants")
    try expect(
      TestModel.model([relu, TestModel.node("Tanh", ["x"], ["z"])], outputs: ["y", "z"]),
      says:
        "the graph has 2 outputs (\"y\", \"z\"), and networks of one are run; export the "
        + "network so that it returns one of them")
    try expect(
      [relu], [TestModel.input("x", ["3", "n"])],
      says:
        "the input \"x\" has the examples along its axis number 2, and networks that have "
        + "them along the first are run; export the network with the batch first "
        + "(batch_first=True)")
    var integers = TestModel.input("x", ["n", "3"])
    integers.type.tensorType.elemType = 7
    try expect(
      [TestModel.node("Abs", ["x"])], [integers],
      says:
        "the input \"x\" is of type int64, and networks that read real numbers are run; "
        + "export the network with an input of type float32")
    try expect(
      [TestModel.node("Identity", ["x"])],
      says:
        "the graph computes nothing of its input; export a network with at least one layer")
    try expect(
      [TestModel.node("Flatten", ["x"])],
      says:
        "the graph computes nothing of its input; export a network with at least one layer")
    try expect(
      [TestModel.node("Relu", ["s"])],
      says:
        "the graph computes nothing of its input; export a network with at least one "
        + "layer")
    try expect(
      [TestModel.node("Reshape", ["x", "t"])], Self.tokens,
      with: [TestModel.integers("t", [-1, 3])],
      says:
        "node \"reshape\" (Reshape) reads \"y\", whose first axis does not count the "
        + "examples alone, and that is not run; export the network with the batch first "
        + "(batch_first=True)")
  }

  @Test(arguments: ["Sin", "Exp", "Sqrt", "Log", "Sign", "Erf"])
  func operators(name: String) throws {
    try expect(
      [TestModel.node(name, ["x"])],
      says:
        "node \"\(name.lowercased())\" (\(name)) is not run yet; replace it in the network by what "
        + "docs/networks.md lists")
  }

  @Test func examplesThatAreJoinedInOtherOrders() throws {
    try expect(
      [
        TestModel.node("Transpose", ["x"], ["t"], [TestModel.attribute("perm", [1, 0, 2, 3])]),
        TestModel.node("Reshape", ["t", "joined"], ["inside"]),
        TestModel.node("Reshape", ["x", "joined"], ["outside"]),
        TestModel.node("MatMul", ["inside", "outside"]),
      ], [TestModel.input("x", ["n", "2", "3", "3"])],
      with: [TestModel.integers("joined", [-1, 3, 3])],
      says:
        "node \"matmul\" (MatMul) multiplies 2·batch×3×3 and 2·batch×3×3 elements, and only values of "
        + "alike leading axes are multiplied, among them the examples; let them have the same axes")
  }

  @Test func matrices() throws {
    try expect(
      [TestModel.node("MatMul", ["x", "t"])],
      with: [TestModel.floats("t", [Float](repeating: 1, count: 9), shape: [1, 3, 3])],
      says:
        "node \"matmul\" (MatMul) multiplies by a constant of more than two axes, and "
        + "only matrices are run yet; use a linear layer")
    try expect(
      [TestModel.node("Gemm", ["x", "w"], ["y"], [TestModel.attribute("transA", 1)])],
      [TestModel.input("x", ["3", "n"])],
      says:
        "the input \"x\" has the examples along its axis number 2, and networks that have "
        + "them along the first are run; export the network with the batch first "
        + "(batch_first=True)")
    try expect(
      [Self.product, TestModel.node("Gemm", ["x", "w", "m"])],
      says:
        "node \"gemm\" (Gemm) reads its input number 3, \"m\", from what the network "
        + "computes, and that is not run yet; make it a constant of the network")
    try expect(
      [TestModel.node("Relu", ["k"], ["r"]), TestModel.node("Conv", ["x", "r"])], Self.image,
      says:
        "node \"conv\" (Conv) reads its input number 2, \"r\", from what the network "
        + "computes, and that is not run yet; make it a constant of the network")
    try expect(
      [TestModel.node("MatMul", ["x", "t"])],
      with: [TestModel.floats("t", [.infinity, 1, 1], shape: [3, 1])],
      says:
        "node \"matmul\" (MatMul) has weights or biases that, with what is folded into "
        + "them, are no finite numbers; give the file of a network whose training did not "
        + "diverge")
    try expect(
      [Self.product, TestModel.node("Div", ["m", "z"])],
      with: [TestModel.floats("z", [0], shape: [])],
      says:
        "node \"matmul\" (MatMul) has weights or biases that, with what is folded into "
        + "them, are no finite numbers; give the file of a network whose training did not "
        + "diverge")
  }

  @Test func whatIsFolded() throws {
    try expect(
      [
        Self.product, TestModel.node("Relu", ["s"], ["r"]),
        TestModel.node("BatchNormalization", ["m", "r", "s", "s", "s"]),
      ],
      says:
        "node \"batchnormalization\" (BatchNormalization) reads its input number 2, "
        + "\"r\", from what the network computes, and that is not run yet; make it a "
        + "constant of the network")
  }

  private static let single = TestModel.node("MatMul", ["x", "v"], ["m"])
  private static let column = TestModel.floats("v", [1, 1, 1], shape: [3, 1])

  @Test func activations() throws {
    try expect(
      [TestModel.node("Elu", ["x"], ["y"], [TestModel.attribute("alpha", real: 0.5)])],
      says:
        "node \"elu\" (Elu) has the attribute \"alpha\" of 0.5, and only 1.0 is run; train "
        + "the network with that number, or use another activation")
    try expect(
      [TestModel.node("Selu", ["x"], ["y"], [TestModel.attribute("alpha", real: 1)])],
      says:
        "node \"selu\" (Selu) has the attribute \"alpha\" of 1.0, and only 1.6732632 is "
        + "run; train the network with that number, or use another activation")
    try expect(
      [TestModel.node("Selu", ["x"], ["y"], [TestModel.attribute("gamma", real: 1)])],
      says:
        "node \"selu\" (Selu) has the attribute \"gamma\" of 1.0, and only 1.050701 is run; "
        + "train the network with that number, or use another activation")
    try expect(
      [TestModel.node("Gelu", ["x"], ["y"], [TestModel.attribute("approximate", text: "fast")])],
      says:
        "node \"gelu\" (Gelu) has the attribute \"approximate\" of \"fast\", and only none "
        + "and tanh are run; use one of them")
    try expect(
      [
        TestModel.node("Erf", ["x"], ["e"]), TestModel.node("Add", ["e", "one"], ["g"]),
        TestModel.node("Mul", ["x", "g"], ["p"]), TestModel.node("Mul", ["p", "half"]),
      ],
      with: [TestModel.floats("one", [1], shape: []), TestModel.floats("half", [0.5], shape: [])],
      says:
        "node \"erf\" (Erf) is not run yet; replace it in the network by what "
        + "docs/networks.md lists")
  }

  @Test func ends() throws {
    try expect(
      [Self.single, TestModel.node("Softmax", ["m"])], with: [Self.column],
      says:
        "node \"softmax\" (Softmax) is over a single class, of which it always makes 1; "
        + "leave it out of the network")
  }

  @Test func pools() throws {
    let kernel = TestModel.attribute("kernel_shape", [3, 3])
    let strides = TestModel.attribute("strides", [2, 2])
    try expect(
      [
        TestModel.node(
          "AveragePool", ["x"], ["y"],
          [
            kernel, strides, TestModel.attribute("count_include_pad", 1),
            TestModel.attribute("ceil_mode", 1),
          ])
      ], Self.image,
      says:
        "node \"averagepool\" (AveragePool) counts padding (count_include_pad) and has "
        + "windows that reach beyond it (ceil_mode), which is not run; leave out one of the "
        + "two")
  }

  @Test func shapes() throws {
    let axes = [TestModel.integers("a", [1])]
    try expect(
      [TestModel.node("Slice", ["x", "b", "e", "a", "t"])],
      with: axes + [
        TestModel.integers("b", [-1]), TestModel.integers("e", [-99]),
        TestModel.integers("t", [-1]),
      ],
      says:
        "node \"slice\" (Slice) goes backwards (a step of -1), which is not run yet; take "
        + "elements from the first to the last")
    try expect(
      [TestModel.node("Slice", ["x", "a", "a", "a"])], with: axes,
      says:
        "node \"slice\" (Slice) takes no elements, which is not run; take elements from the "
        + "first to the last")
    try expect(
      [TestModel.node("Pad", ["x", "p", "c"])], with: [TestModel.integers("p", [0, 1, 0, 1])],
      says:
        "node \"pad\" (Pad) pads with something other than zeros, which is not run yet; pad "
        + "with zeros")
    try expect(
      [TestModel.node("Pad", ["x", "p"], ["y"], [TestModel.attribute("mode", text: "edge")])],
      with: [TestModel.integers("p", [0, 1, 0, 1])],
      says:
        "node \"pad\" (Pad) pads with something other than zeros, which is not run yet; pad "
        + "with zeros")
    try expect(
      [TestModel.node("Pad", ["x", "p"])], with: [TestModel.integers("p", [0, 1, 0, -1])],
      says:
        "node \"pad\" (Pad) takes elements away (negative pads), which is not run yet; use "
        + "a slice instead")
  }
}
