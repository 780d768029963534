import Testing

@testable import BBBONNX

/// What nodes are told, in one form.
@Suite struct ArgumentTests {
  @Test func paddingFollowsFromTheInput() throws {
    let automatic = Onnx_AttributeProto.with { attribute in
      attribute.name = "auto_pad"
      attribute.type = .string
      attribute.s = .init("SAME_LOWER".utf8)
    }
    let graph = try TestModel.model(
      [
        TestModel.node(
          "MaxPool", ["x"], ["y"],
          [
            automatic, TestModel.attribute("kernel_shape", [2, 3]),
            TestModel.attribute("strides", [2, 1]),
          ])
      ], inputs: [TestModel.input("x", ["n", "3", "5", "6"])]
    ).read()
    let window = try #require(try graph.window(of: graph.nodes[0]))
    #expect(window.kernel == [2, 3])
    #expect(window.strides == [2, 1])
    #expect(window.padsBefore == [1, 1])
    #expect(window.padsAfter == [0, 1])
    #expect(graph.values["y"]?.exampleShape == [3, 3, 6])
  }

  @Test func axesAreCountedFromTheFront() throws {
    let graph = try TestModel.model(
      [
        TestModel.node("ReduceMean", ["x"], ["a"], [TestModel.attribute("axes", [-1, -2])]),
        TestModel.node("Transpose", ["x"], ["b"]),
        TestModel.node("Slice", ["x", "starts", "ends"], ["c"]),
        TestModel.node("Pad", ["x", "pads"], ["d"]),
        TestModel.node("Split", ["x"], ["e", "f"], [TestModel.attribute("axis", -1)]),
      ],
      inputs: [TestModel.input("x", ["n", "4", "6"])], outputs: ["a", "b", "c", "d", "e", "f"],
      initializers: [
        TestModel.integers("starts", [0, 1, -1]), TestModel.integers("ends", [.max, 3, .max]),
        TestModel.integers("pads", [0, 1, 0, 0, 0, -2]),
      ]
    ).read()
    let nodes = graph.nodes
    #expect(try graph.reducedAxes(of: nodes[0]) == [1, 2])
    #expect(try graph.transposition(of: nodes[1]) == [2, 1, 0])
    #expect(
      try graph.slices(of: nodes[2]).map { [$0.axis, $0.start, $0.step, $0.count] }
        == [[1, 1, 1, 2], [2, 5, 1, 1]])
    #expect(
      try graph.pads(of: nodes[3]).map { [$0.before, $0.after] } == [[0, 0], [1, 0], [0, -2]])
    #expect(try graph.splitLengths(of: nodes[4]).lengths == [3, 3])
  }
}
