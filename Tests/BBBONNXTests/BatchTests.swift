import Testing

@testable import BBBONNX

/// The number of examples, which is a symbol.
@Suite struct BatchTests {
  private func shape(_ model: Onnx_ModelProto) throws -> [ONNXExtent]? {
    let graph = try model.read()
    return graph.values[graph.outputs[0].value]?.shape
  }

  @Test func passesThroughArithmeticOnShapes() throws {
    let graph = try TestModel.model(
      [
        TestModel.node("Shape", ["x"], ["s"]),
        TestModel.node("Gather", ["s", "zero"], ["n"]),
        TestModel.node("Unsqueeze", ["n", "axes"], ["n1"]),
        TestModel.node("Mul", ["n1", "two"], ["n2"]),
        TestModel.node("Concat", ["n2", "rest"], ["t"], [TestModel.attribute("axis", 0)]),
        TestModel.node("Reshape", ["x", "t"]),
      ],
      inputs: [TestModel.input("x", ["n", "4", "6"])],
      initializers: [
        TestModel.integers("zero", [0], shape: []), TestModel.integers("axes", [0]),
        TestModel.integers("two", [2]), TestModel.integers("rest", [12]),
      ]
    ).read()
    #expect(graph.nodes.map(\.operatorType) == ["Reshape"])
    #expect(graph.values["y"]?.shape == [.batches(2), .number(12)])
    #expect(graph.values["y"]?.exampleShape == nil)
    #expect(try graph.constants["t"]?.elements() == .integers([.batches(2), .number(12)]))
  }

  @Test(arguments: [
    (["1", "1", "28", "28"], [1, 784], [ONNXExtent.batch, .number(784)]),
    (["2", "1", "28", "28"], [2, 784], [.batch, .number(784)]),
    (["2", "1", "28", "28"], [2, -1], [.batch, .number(784)]),
    (["1", "1", "28", "28"], [1, -1], [.batch, .number(784)]),
    (["1", "1", "28", "28"], [1, 1, 784], [.batch, .number(1), .number(784)]),
    (["1", "64", "64"], [-1, 64], [.batches(64), .number(64)]),
    (["2", "64", "64"], [128, 64], [.batches(64), .number(64)]),
    (["2", "8", "4", "4"], [2, 8, 16], [.batch, .number(8), .number(16)]),
    (["4", "4", "4"], [4, 2, 2, 4], [.batch, .number(2), .number(2), .number(4)]),
  ])
  func isFoundInAFrozenShape(input: [String], target: [Int64], expected: [ONNXExtent]) throws {
    let model = TestModel.model(
      [TestModel.node("Reshape", ["x", "t"])], inputs: [TestModel.input("x", input)],
      initializers: [TestModel.integers("t", target)])
    #expect(try shape(model) == expected)
    #expect(try model.read().inputs[0].frozenBatch == Int(input[0]))
  }

  @Test func headsAreJoinedAndSeparatedInAFrozenShape() throws {
    let graph = try TestModel.model(
      [
        TestModel.node("Transpose", ["x"], ["a"], [TestModel.attribute("perm", [1, 0, 2])]),
        TestModel.node("Reshape", ["a", "joined"], ["b"]),
        TestModel.node("Transpose", ["b"], ["c"], [TestModel.attribute("perm", [1, 0, 2])]),
        TestModel.node("Reshape", ["c", "separated"], ["d"]),
        TestModel.node("Transpose", ["d"], ["e"], [TestModel.attribute("perm", [2, 0, 1, 3])]),
        TestModel.node("Reshape", ["e", "whole"]),
      ],
      inputs: [TestModel.input("x", ["1", "64", "64"])],
      initializers: [
        TestModel.integers("joined", [64, 8, 8]), TestModel.integers("separated", [1, 8, 64, 8]),
        TestModel.integers("whole", [64, 1, 64]),
      ]
    ).read()
    #expect(graph.values["b"]?.shape == [.number(64), .batches(8), .number(8)])
    #expect(graph.values["d"]?.shape == [.batch, .number(8), .number(64), .number(8)])
    #expect(graph.values["y"]?.shape == [.number(64), .batch, .number(64)])
  }

  @Test func isNotGuessed() throws {
    let ambiguous = TestModel.model(
      [TestModel.node("Reshape", ["x", "t"])], inputs: [TestModel.input("x", ["1", "64"])],
      initializers: [TestModel.integers("t", [1, 1, 64])])
    #expect(
      try ambiguous.refusal()?.contains("cannot be told which axis holds the 1 examples") == true)
    let fixed = TestModel.model(
      [TestModel.node("Reshape", ["x", "t"])], inputs: [TestModel.input("x", ["n", "64"])],
      initializers: [TestModel.integers("t", [2, 64])])
    #expect(try fixed.refusal()?.contains("reshapes any number of examples") == true)
    let compared = TestModel.model(
      [
        TestModel.node("Size", ["x"], ["s"]), TestModel.node("Equal", ["s", "t"], ["y"]),
      ], initializers: [TestModel.integers("t", [6], shape: [])])
    #expect(try compared.refusal()?.contains("depends on how many examples") == true)
  }

  @Test func examplesMustNotMix() throws {
    let nodes = [
      TestModel.node("Softmax", ["x"], ["y"], [TestModel.attribute("axis", 0)]),
      TestModel.node("Gather", ["x", "i"]),
      TestModel.node("Concat", ["x", "x"], ["y"], [TestModel.attribute("axis", 0)]),
      TestModel.node("ReduceMean", ["x"], ["y"], [TestModel.attribute("axes", [0])]),
      TestModel.node("CumSum", ["x", "i"]),
      TestModel.node("Gemm", ["x", "x"], ["y"], [TestModel.attribute("transA", 1)]),
    ]
    for node in nodes {
      let model = TestModel.model([node], initializers: [TestModel.integers("i", [0], shape: [])])
      #expect(
        try model.refusal()?.contains("mixes the examples of a batch") == true, "\(node.opType)")
    }
  }

  @Test func freeAxesAreFixedByTheUser() throws {
    let model = TestModel.model(
      [TestModel.node("Relu", ["x"])], inputs: [TestModel.input("x", ["n", "t", "5"])])
    #expect(try model.refusal()?.contains("shape ?x5, and only the batch may be free") == true)
    #expect(try model.read(ONNXInputOptions(shape: [7, 5])).inputs[0].exampleShape == [7, 5])
    #expect(
      try model.refusal(ONNXInputOptions(shape: [7, 6]))?.contains("--input-shape says 7x6") == true
    )
  }

  @Test func needNotBeTheFirstAxis() throws {
    let input = try TestModel.model(
      [TestModel.node("Relu", ["x"])], inputs: [TestModel.input("x", ["6", "n", "5"])]
    ).read().inputs[0]
    #expect(input.batchAxis == 1)
    #expect(input.exampleShape == [6, 5])
    let named = try TestModel.model(
      [TestModel.node("Relu", ["x"])], inputs: [TestModel.input("x", ["t", "batch_size", "5"])]
    ).read(ONNXInputOptions(shape: [6, 5])).inputs[0]
    #expect(named.batchAxis == 1)
    let single = TestModel.model(
      [TestModel.node("Relu", ["x"])], inputs: [TestModel.input("x", ["1", "t", "5"])])
    #expect(try single.refusal()?.contains("fix it by --input-shape") == true)
    #expect(try single.read(ONNXInputOptions(shape: [6, 5])).inputs[0].frozenBatch == 1)
  }

  @Test func arithmeticIsExact() {
    let batch = ONNXExtent.batch
    #expect(ONNXExtent.batches(8).divided(by: .number(8)) == batch)
    #expect(ONNXExtent.batches(8).divided(by: .number(3)) == nil)
    #expect(ONNXExtent.batches(7).divided(by: .batches(2)) == .number(3))
    #expect(batch.subtracting(batch) == .number(0))
    #expect(batch.adding(.number(1)) == nil)
    #expect(batch.isEqual(to: .number(-1)) == false)
    #expect(batch.isEqual(to: .number(1)) == nil)
    #expect(batch.isLess(than: .number(1)) == false)
    #expect(ONNXExtent.number(0).isLess(than: batch) == true)
    #expect(ONNXExtent.number(.max).adding(.number(1)) == nil)
    #expect(ONNXExtent.number(.min).divided(by: .number(-1)) == nil)
    #expect(ONNXExtent.number(-7).remainder(dividingBy: .number(2), isLikeC: false) == .number(1))
  }
}
