import BBBNetwork
import Testing

@testable import BBBONNX

/// Inputs and outputs of graphs: several, of any type, along any axis, with examples or without.
@Suite struct InputTests {
  private static let recurrent = [
    TestModel.input("x", ["batch", "2"]), TestModel.input("h", ["3", "batch", "1"]),
  ]

  @Test func severalAreOneInputOneBehindTheOther() throws {
    let graph = try TestModel.model(
      [
        TestModel.node("Relu", ["x"], ["y"]), TestModel.node("Neg", ["h"], ["next"]),
      ], inputs: Self.recurrent, outputs: ["next", "y"]
    ).read().network()
    #expect(graph.network.input == [5])
    #expect(
      graph.ports.inputs == [
        Port(name: "x", shape: [2]), Port(name: "h", shape: [3, 1], exampleAxis: 1),
      ])
    #expect(
      graph.ports.outputs == [
        Port(name: "next", shape: [3, 1], exampleAxis: 1), Port(name: "y", shape: [2]),
      ])
    #expect(graph.output == .numbers(noiseDeviation: nil))
    #expect(graph.reference.output(for: [1, -2, 3, 4, -5]) == [-3, -4, 5, 1, 0])
  }

  @Test func outputsMayBeInputs() throws {
    let graph = try TestModel.model(
      [TestModel.node("Relu", ["x"], ["y"])], inputs: Self.recurrent, outputs: ["y", "h"]
    ).read().network()
    #expect(graph.reference.output(for: [1, -2, 3, 4, -5]) == [1, 0, 3, 4, -5])
  }

  @Test func valuesBecomeConstants() throws {
    let model = TestModel.model(
      [TestModel.node("Mul", ["x", "rate"])],
      inputs: [TestModel.input("x", ["n", "2"]), TestModel.input("rate", [])])
    let refusal = try model.refusal()
    #expect(
      refusal?.contains("give it by --input-value rate=NUMBER, or run the graph as one example")
        == true,
      "\(refusal ?? "")")
    let graph = try model.read(ONNXInputOptions(values: ["rate": [2.5]])).network()
    #expect(graph.ports.inputs.map(\.name) == ["x"])
    #expect(graph.reference.output(for: [1, 2]) == [2.5, 5])
    #expect(
      try model.refusal(ONNXInputOptions(values: ["rat": [1]]))
        == "--input-value speaks of \"rat\", and the inputs are \"x\", \"rate\"; correct the name")
    #expect(
      try model.refusal(ONNXInputOptions(values: ["rate": [1, 2]]))?.contains(
        "is of shape scalar, and --input-value gives 2 numbers") == true)
  }

  @Test func valuesChooseBranches() throws {
    func branch(_ operatorType: String) -> Onnx_GraphProto {
      .with { graph in
        graph.node = [TestModel.node(operatorType, ["x"], ["b"])]
        graph.output = [.with { $0.name = "b" }]
      }
    }
    var rate = TestModel.input("sr", [])
    rate.type.tensorType.elemType = 7
    let model = TestModel.model(
      [
        TestModel.node("Equal", ["sr", "fast"], ["is"]),
        TestModel.node(
          "If", ["is"], ["y"],
          [
            TestModel.attribute("then_branch", branch("Relu")),
            TestModel.attribute("else_branch", branch("Neg")),
          ]),
      ], inputs: [TestModel.input("x", ["n", "2"]), rate],
      initializers: [TestModel.integers("fast", [16000], shape: [])])
    for (rate, expected) in [(16000.0, [1.0, 0]), (8000, [-1, 2])] {
      let graph = try model.read(ONNXInputOptions(values: ["sr": [rate]])).network()
      #expect(graph.reference.output(for: [1, -2]) == expected)
    }
    #expect(
      try model.refusal(ONNXInputOptions(namedShapes: ["x": [1, 2]], hasExamples: false))?.contains(
        "with --input-value") == true)
  }

  @Test func freeAxesAreFixedByNameOrBySymbol() throws {
    let model = TestModel.model(
      [TestModel.node("Relu", ["x"])], inputs: [TestModel.input("x", ["n", "3", "h", "w"])])
    for options in [
      ONNXInputOptions(shape: [3, 4, 5]), ONNXInputOptions(shape: [7, 3, 4, 5]),
      ONNXInputOptions(namedShapes: ["x": [1, 3, 4, 5]]),
      ONNXInputOptions(namedShapes: ["h": [4], "w": [5]]),
    ] {
      let input = try model.read(options).inputs[0]
      #expect(input.exampleShape == [3, 4, 5] && input.batchAxis == 0 && input.frozenBatch == nil)
    }
    #expect(
      try model.refusal(ONNXInputOptions(namedShapes: ["height": [4]]))
        == "--input-shape speaks of \"height\", and the inputs are \"x\", their extents \"h\", \"n\", \"w\"; correct the name"
    )
    #expect(
      try model.refusal()
        == "the input \"x\" takes examples of shape 3x?x?, and only the batch may be free; fix it by --input-shape x=3x?x?, "
        + "with a number for each ?")
  }

  @Test func withoutExamplesEveryAxisIsLikeTheOthers() throws {
    let model = TestModel.model(
      [
        TestModel.node("Softmax", ["x"], ["s"], [TestModel.attribute("axis", 0)]),
        TestModel.node("Transpose", ["s"]),
      ],
      inputs: [TestModel.input("x", ["2", "3"])])
    #expect(try model.refusal()?.contains("as one example with --no-batch") == true)
    let graph = try model.read(ONNXInputOptions(hasExamples: false)).network()
    #expect(graph.ports.inputs == [Port(name: "x", shape: [2, 3], exampleAxis: nil)])
    #expect(graph.ports.outputs == [Port(name: "y", shape: [3, 2], exampleAxis: nil)])
    let outputs = graph.reference.output(for: [0, 0, 0, 0, 0, 0])
    #expect(outputs.allSatisfy { abs($0 - 0.5) < 1e-12 } && outputs.count == 6)
  }

  @Test func integersAreNumbers() throws {
    func model(_ operatorType: String) -> Onnx_ModelProto {
      var tokens = TestModel.input("x", ["n", "2"])
      tokens.type.tensorType.elemType = 7
      return TestModel.model([TestModel.node(operatorType, ["x", "x"])], inputs: [tokens])
    }
    let sum = try model("Add").read().network()
    #expect(sum.ports.inputs[0].holdsIntegers && sum.ports.outputs[0].holdsIntegers)
    #expect(sum.reference.output(for: [3, 4]) == [6, 8])
    // A quotient is cut towards zero.
    #expect(try model("Div").read().network().reference.output(for: [3, 4]) == [1, 1])
  }
}
