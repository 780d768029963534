import Testing

@testable import BBBONNX

/// Names, functions, branches, and what is gone after reading.
@Suite struct StructureTests {
  @Test func identityAndDropoutOnlyRename() throws {
    let graph = try TestModel.model(
      [
        TestModel.node("Identity", ["w"], ["alias"]),
        TestModel.node("Dropout", ["x"], ["d"]),
        TestModel.node("Add", ["d", "alias"], ["sum"]),
        TestModel.node("Identity", ["sum"]),
      ], initializers: [TestModel.floats("w", [1, 2, 3])]
    ).read()
    #expect(graph.nodes.map(\.operatorType) == ["Add"])
    #expect(graph.nodes[0].inputs == ["x", "w"])
    #expect(graph.outputs == [ONNXOutput(name: "y", value: "sum")])
    #expect(graph.constants["w"]?.tensor?.name == "w")
  }

  @Test func nodesAreSortedAndUnneededOnesDropped() throws {
    let graph = try TestModel.model([
      TestModel.node("Relu", ["a"]), TestModel.node("Tanh", ["x"], ["unused"]),
      TestModel.node("Sigmoid", ["x"], ["a"]),
    ]).read()
    #expect(graph.nodes.map(\.operatorType) == ["Sigmoid", "Relu"])
    #expect(graph.values["unused"] == nil)
  }

  @Test func initializersAreNoInputs() throws {
    let graph = try TestModel.model(
      [TestModel.node("Add", ["x", "w"])],
      inputs: [TestModel.input("x", ["n", "3"]), TestModel.input("w", ["3"])],
      initializers: [TestModel.floats("w", [1, 2, 3])]
    ).read()
    #expect(graph.inputs.map(\.name) == ["x"])
  }

  @Test func viewsKeepTheirOrigin() throws {
    let graph = try TestModel.model(
      [
        TestModel.node("Identity", ["w"], ["a"]),
        TestModel.node("Transpose", ["a"], ["b"]),
        TestModel.node("Slice", ["b", "one", "three", "zero"], ["c"]),
        TestModel.node("Unsqueeze", ["c", "zero"], ["d"]),
        TestModel.node("Squeeze", ["d", "zero"], ["e"]),
        TestModel.node("MatMul", ["x", "e"]),
      ],
      inputs: [TestModel.input("x", ["n", "2"])],
      initializers: [
        TestModel.floats("w", [0, 1, 2, 10, 11, 12], shape: [2, 3]),
        TestModel.integers("zero", [0]), TestModel.integers("one", [1]),
        TestModel.integers("three", [3]),
      ]
    ).read()
    let weight = try #require(graph.constants["e"])
    #expect(weight.tensor?.name == "w")
    #expect(weight.views.prefix(2) == [.transposed(axes: [1, 0]), .sliced(axis: 0, range: 1..<3)])
    #expect(try weight.floats() == [1, 11, 2, 12])
    #expect(try weight.elements() == .reals([1, 11, 2, 12]))
  }

  @Test func constantNodesAreNamedByTheirOutput() throws {
    let constant = Onnx_AttributeProto.with { attribute in
      attribute.name = "value"
      attribute.type = .tensor
      attribute.t = TestModel.floats("", [1, 2, 3])
    }
    let graph = try TestModel.model([
      TestModel.node("Constant", [], ["c"], [constant]), TestModel.node("Mul", ["x", "c"]),
    ]).read()
    #expect(graph.constants["c"]?.tensor?.name == "c")
    #expect(graph.nodes.count == 1)
  }

  @Test func functionsAreInlined() throws {
    var model = TestModel.model([
      TestModel.node("Twice", ["x"], ["a"], [TestModel.attribute("axis", -1)]),
      TestModel.node("Twice", ["a"]),
    ])
    for index in 0..<2 { model.graph.node[index].domain = "local" }
    model.functions = [
      .with { function in
        function.name = "Twice"
        function.domain = "local"
        function.input = ["in"]
        function.output = ["out"]
        function.attribute = ["axis"]
        function.attributeProto = [TestModel.attribute("axis", 1)]
        function.node = [
          TestModel.node(
            "Softmax", ["in"], ["x"],
            [
              .with { attribute in
                attribute.name = "axis"
                attribute.refAttrName = "axis"
                attribute.type = .int
              }
            ]),
          TestModel.node("Relu", ["x"], ["out"]),
        ]
      }
    ]
    let graph = try model.read()
    #expect(graph.nodes.map(\.operatorType) == ["Softmax", "Relu", "Softmax", "Relu"])
    #expect(graph.nodes[1].outputs == ["a"])
    #expect(try graph.nodes[0].attributes.integer("axis", default: 7) == -1)
    #expect(try graph.nodes[2].attributes.integer("axis", default: 7) == 1)
    model.functions[0].node[1].opType = "Twice"
    model.functions[0].node[1].domain = "local"
    #expect(try model.refusal()?.contains("more than 32 deep") == true)
    model.functions[0].node[1] = TestModel.node("Add", ["x", "y"], ["out"])
    #expect(try model.refusal()?.contains("which nothing makes") == true)
  }

  @Test func constantConditionsChoose() throws {
    func branch(_ operatorType: String) -> Onnx_GraphProto {
      .with { graph in
        graph.node = [
          TestModel.node(operatorType, ["x"], ["r"]), TestModel.node("Add", ["r", "w"], ["o"]),
        ]
        graph.initializer = [TestModel.floats("w", [5])]
        graph.output = [.with { $0.name = "o" }]
      }
    }
    let choice = TestModel.node(
      "If", ["c"], ["y"],
      [
        TestModel.attribute("then_branch", branch("Relu")),
        TestModel.attribute("else_branch", branch("Tanh")),
      ])
    let nodes = [
      TestModel.node("Shape", ["x"], ["s"]), TestModel.node("Gather", ["s", "i"], ["d"]),
      TestModel.node("Equal", ["d", "i"], ["c"]), choice,
    ]
    let graph = try TestModel.model(
      nodes, inputs: [TestModel.input("x", ["n", "1"])],
      initializers: [TestModel.integers("i", [1], shape: [])]
    ).read()
    #expect(graph.nodes.map(\.operatorType) == ["Relu", "Add"])
    #expect(graph.constants["y/then_branch/w"]?.tensor != nil)
    let other = try TestModel.model(
      nodes, initializers: [TestModel.integers("i", [1], shape: [])]
    ).read()
    #expect(other.nodes.map(\.operatorType) == ["Tanh", "Add"])
  }

  @Test func unknownFieldsSurvive() throws {
    var model = TestModel.model([TestModel.node("Relu", ["x"])])
    var data = try model.serializedData()
    // Field 6 of a model: its description.
    data += [6 << 3 | 2, 2, 104, 105]
    let graph = try ONNXGraph(data: data)
    #expect(try graph.file.model.serializedData().contains(104))
    model.producerName = "pytorch"
    #expect(try model.read().file.model.producerName == "pytorch")
  }
}
