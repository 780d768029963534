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

  @Test func wholeGraphs() throws {
    try expect(
      [TestModel.node("Relu", ["s"])],
      says:
        "the graph computes nothing of its input; export a network with at least one "
        + "layer")
    try expect(
      [TestModel.node("Reshape", ["x", "t"])], Self.tokens,
      with: [TestModel.integers("t", [-1, 3])],
      says:
        "the output \"y\" is 4·batch×3, an axis of which counts the examples together with other things; export the "
        + "network with an axis for the examples alone")
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
      [TestModel.node("Slice", ["x", "a", "a", "a"])], with: axes,
      says:
        "node \"slice\" (Slice) takes no elements, which is not run; take elements from the "
        + "first to the last")
  }
}
