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

  @Test(arguments: ["Mod", "CumSum"])
  func operators(name: String) throws {
    try expect(
      [TestModel.node(name, ["x", "a"])],
      with: [
        name == "Mod" ? TestModel.floats("a", [1], shape: []) : TestModel.integers("a", [1])
      ],
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
      [TestModel.node("Celu", ["x"], ["y"], [TestModel.attribute("alpha", real: -1)])],
      says:
        "node \"celu\" (Celu) has the attribute \"alpha\" of -1.0, and only positive numbers are run; use one"
    )
    try expect(
      [TestModel.node("Gelu", ["x"], ["y"], [TestModel.attribute("approximate", text: "fast")])],
      says:
        "node \"gelu\" (Gelu) has the attribute \"approximate\" of \"fast\", and only none "
        + "and tanh are run; use one of them")
  }

  @Test func types() throws {
    try expect(
      [
        TestModel.node("Cast", ["x"], ["i"], [TestModel.attribute("to", 7)]),
        TestModel.node("Cast", ["i"], ["y"], [TestModel.attribute("to", 3)]),
      ],
      says:
        "node \"cast\" (Cast) converts int64 to int8, which cannot hold all of it; leave the numbers in a wider type"
    )
    try expect(
      [TestModel.node("Add", ["x", "t"])], with: [TestModel.floats("t", [.nan], shape: [1])],
      says:
        "node \"add\" (Add) reads what is no number (NaN); give the file of a network whose training did not diverge"
    )
    try expect(
      [
        TestModel.node("Cast", ["x"], ["i"], [TestModel.attribute("to", 7)]),
        TestModel.node("Equal", ["i", "t"]),
      ], with: [TestModel.integers("t", [1 << 40])],
      says:
        "node \"equal\" (Equal) reads integers beyond 2²⁴, or that depend on the number of examples, where numbers of "
        + "single precision are run; export the network with real numbers there")
  }

  @Test func ends() throws {
    try expect(
      [Self.single, TestModel.node("Softmax", ["m"])], with: [Self.column],
      says:
        "node \"softmax\" (Softmax) is over a single class, of which it always makes 1; "
        + "leave it out of the network")
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
