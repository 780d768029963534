import BBBTensors
import Foundation
import TestSupport
import Testing

@testable import BBBONNX

/// What is refused, and what is said of it.
@Suite struct RefusalTests {
  private func expect(_ model: Onnx_ModelProto, says text: String) throws {
    let refusal = try model.refusal()
    #expect(refusal?.contains(text) == true, "\(refusal ?? "is read")")
  }

  @Test func samplingIsNamed() throws {
    for name in [
      "RandomNormalLike", "RandomUniform", "Bernoulli", "Multinomial", "StatelessRandomNormal",
    ] {
      try expect(
        TestModel.model([TestModel.node(name, ["x"])]),
        says:
          "(\(name)) draws random numbers: this graph samples its weights; export the network of the"
      )
    }
    let training = Onnx_TensorProto.with { tensor in
      tensor.name = "t"
      tensor.dataType = 9
      tensor.int32Data = [1]
    }
    try expect(
      TestModel.model([TestModel.node("Dropout", ["x", "", "t"])], initializers: [training]),
      says: "this graph samples")
  }

  @Test func operatorsAndAttributesAreNamed() throws {
    try expect(
      TestModel.model([TestModel.node("LpPool", ["x"])]),
      says: "node \"lppool\" (LpPool) is an operator that is not read; ")
    try expect(
      TestModel.model([TestModel.node("Relu", ["x"], ["y"], [TestModel.attribute("slope", 1)])]),
      says: "node \"relu\" (Relu) has the attribute \"slope\"")
    try expect(
      TestModel.model([TestModel.node("Gelu", ["x"])]), says: "exists from version 20")
    for (domain, text) in [
      ("com.microsoft.nchwc", "padded; give the original"), ("com.microsoft", "give the original"),
      ("my.domain", "the domain my.domain"),
    ] {
      var model = TestModel.model([TestModel.node("Conv", ["x"])])
      model.graph.node[0].domain = domain
      try expect(model, says: text)
    }
    try expect(
      TestModel.model([TestModel.node("Loop", ["x"])]),
      says: "(Loop) is an operator that is not read")
  }

  @Test func versionsAreNamed() throws {
    var model = TestModel.model([TestModel.node("Relu", ["x"])], opset: 10)
    try expect(model, says: "version 10 of the operators (opset), where 11 to 23 are read")
    model.opsetImport = []
    try expect(model, says: "names no version")
    model.opsetImport = [.with { $0.version = 17 }]
    model.irVersion = 14
    try expect(model, says: "version 14 of the format")
    model.clearGraph()
    try expect(model, says: "holds no graph")
    #expect(throws: ONNXError.self) { try ONNXGraph(data: Data("not protobuf".utf8)) }
    #expect(throws: ONNXError.self) { try ONNXGraph(data: Data()) }
  }

  @Test func structureIsChecked() throws {
    let relu = TestModel.node("Relu", ["x"])
    try expect(
      TestModel.model([relu, TestModel.node("Tanh", ["x"])]),
      says: "is made by node \"relu\" (Relu) and")
    try expect(
      TestModel.model(
        [TestModel.node("Relu", ["x"], ["w"])], initializers: [TestModel.floats("w", [1])]),
      says: "is the name both of an input or initializer")
    try expect(
      TestModel.model(
        [relu], initializers: [TestModel.floats("w", [1]), TestModel.floats("w", [1])]),
      says: "two initializers are named \"w\"")
    try expect(
      TestModel.model([TestModel.node("Relu", ["z"])]), says: "reads \"z\", which nothing makes")
    try expect(
      TestModel.model([TestModel.node("Relu", ["y"], ["z"]), TestModel.node("Relu", ["z"])]),
      says: "the graph is a cycle")
    try expect(TestModel.model([relu], outputs: ["q"]), says: "\"q\" is made by nothing")
    try expect(TestModel.model([relu], outputs: []), says: "no outputs")
    try expect(TestModel.model([relu], inputs: []), says: "no inputs")
    try expect(TestModel.model([TestModel.node("Add", ["x"])]), says: "has 1 inputs")
    try expect(
      TestModel.model([TestModel.node("Add", ["x", ""])]), says: "lacks its input number 2")
    try expect(
      TestModel.model([relu], inputs: [TestModel.input("x", ["n", "-1"])]),
      says: "only the batch may be free")
    try expect(
      TestModel.model(
        [relu], inputs: [TestModel.input("x", ["n", "999999999999", "999999999999"])]),
      says: "impossible shape")
  }

  @Test func tensorsAreChecked() throws {
    func lie(_ change: (inout Onnx_TensorProto) -> Void) throws -> String {
      var tensor = TestModel.floats("w", [1, 2, 3])
      change(&tensor)
      let model = TestModel.model([TestModel.node("Add", ["x", "w"])], initializers: [tensor])
      return try model.refusal() ?? "is read"
    }
    #expect(
      try lie { $0.dims = [4] }.contains("has 3 elements of its type, where its shape 4 takes 4"))
    #expect(try lie { $0.dims = [-3] }.contains("impossible shape"))
    #expect(try lie { $0.dims = [1 << 40, 1 << 40] }.contains("impossible shape"))
    #expect(try lie { $0.dims = .init(repeating: 1, count: 100) }.contains("impossible shape"))
    #expect(try lie { $0.dataType = 8 }.contains("of type strings"))
    #expect(try lie { $0.dataType = 99 }.contains("of type number 99"))
    #expect(try lie { $0.rawData = Data(count: 12) }.contains("12 bytes"))
    #expect(try lie { $0.int32Data = [1] }.contains("3 elements"))
    #expect(try lie { $0.segment = .with { $0.begin = 1 } }.contains("one segment"))
    #expect(
      try lie { tensor in
        tensor.floatData = []
        tensor.rawData = Data(count: 11)
      }.contains("has 11 bytes, where its shape 3 takes 12"))
  }

  @Test func externalDataIsChecked() throws {
    try withTemporaryFolder { folder in
      try Data([1, 2, 3, 4]).write(to: URL(filePath: folder + "/weights"))
      func graph(_ entries: [String: String]) throws -> ONNXGraph {
        let tensor = Onnx_TensorProto.with { tensor in
          tensor.name = "w"
          tensor.dataType = 2
          tensor.dims = [3]
          tensor.dataLocation = .external
          tensor.externalData = entries.map { key, value in
            .with {
              $0.key = key
              $0.value = value
            }
          }
        }
        let model = TestModel.model(
          [
            TestModel.node("Cast", ["w"], ["c"], [TestModel.attribute("to", 1)]),
            TestModel.node("Add", ["x", "c"]),
          ], initializers: [tensor])
        try model.serializedData().write(to: URL(filePath: folder + "/model.onnx"))
        return try ONNXGraph(contentsOf: folder + "/model.onnx")
      }
      #expect(
        try graph(["location": "weights", "offset": "1", "length": "3"]).constants["c"]?.floats()
          == [2, 3, 4])
      for entries in [
        ["location": "../weights"], ["location": "/etc/passwd"], ["location": "a\\b"], [:],
        ["location": "a/../../weights"], ["location": "."], ["location": "missing"],
        ["location": "weights", "offset": "2"], ["location": "weights", "offset": "-1"],
        ["location": "weights", "length": "4"],
        ["location": "weights", "offset": "9223372036854775807", "length": "3"],
      ] {
        #expect(throws: ONNXError.self, "\(entries)") { try graph(entries) }
      }
    }
  }

  @Test func sparseInitializersAreUnfolded() throws {
    func model(_ indices: Onnx_TensorProto, _ values: [Float]) -> Onnx_ModelProto {
      var model = TestModel.model([TestModel.node("Add", ["x", "w"])])
      model.graph.sparseInitializer = [
        .with { sparse in
          sparse.dims = [2, 3]
          sparse.values = TestModel.floats("w", values)
          sparse.indices = indices
        }
      ]
      return model
    }
    func floats(_ indices: Onnx_TensorProto) throws -> [Float]? {
      try model(indices, [5, 6]).read().constants["w"]?.floats()
    }
    // The result of broadcasting (n, 3) and (2, 3) has no batch unless n is 2.
    let input = [TestModel.input("x", ["n", "2", "3"])]
    func placed(_ indices: Onnx_TensorProto, _ values: [Float] = [5, 6]) throws -> [Float]? {
      var model = model(indices, values)
      model.graph.input = input
      return try model.read().constants["w"]?.floats()
    }
    #expect(try placed(TestModel.integers("", [1, 5])) == [0, 5, 0, 0, 0, 6])
    #expect(
      try placed(TestModel.integers("", [0, 1, 1, 2], shape: [2, 2])) == [0, 5, 0, 0, 0, 6])
    #expect(throws: ONNXError.self) { try placed(TestModel.integers("", [1, 6])) }
    #expect(throws: ONNXError.self) { try placed(TestModel.integers("", [1, 1])) }
    #expect(throws: ONNXError.self) { try placed(TestModel.integers("", [1])) }
    #expect(throws: ONNXError.self) { try placed(TestModel.integers("", [-1, 2])) }
  }

  @Test func everyTypeOfElementIsDecoded() throws {
    func elements(_ type: Int32, _ change: (inout Onnx_TensorProto) -> Void) throws -> ONNXElements
    {
      var message = Onnx_TensorProto.with { tensor in
        tensor.name = "w"
        tensor.dims = [2]
        tensor.dataType = type
      }
      change(&message)
      var externalData = ExternalData(besides: "")
      return try ONNXConstant(ONNXTensor(message, name: "w", externalData: &externalData))
        .elements()
    }
    let halves: [Int32] = [0x3C00, 0xC000]
    #expect(try elements(10) { $0.int32Data = halves } == .reals([1, -2]))
    #expect(try elements(16) { $0.int32Data = [0x3F80, 0xC000] } == .reals([1, -2]))
    #expect(try elements(10) { $0.rawData = Data([0, 0x3C, 0, 0xC0]) } == .reals([1, -2]))
    #expect(try elements(11) { $0.doubleData = [1, -2] } == .reals([1, -2]))
    #expect(try elements(1) { $0.floatData = [1, -2] } == .reals([1, -2]))
    for type in [3, 5, 6] as [Int32] {
      #expect(
        try elements(type) { $0.int32Data = [1, -2] } == .integers([.number(1), .number(-2)]))
    }
    for type in [2, 4, 9] as [Int32] {
      #expect(try elements(type) { $0.int32Data = [1, 0] } == .integers([.number(1), .number(0)]))
    }
    #expect(try elements(7) { $0.int64Data = [1, -2] } == .integers([.number(1), .number(-2)]))
    for type in [12, 13] as [Int32] {
      #expect(
        try elements(type) { $0.uint64Data = [1, 2] } == .integers([.number(1), .number(2)]))
    }
    #expect(throws: ONNXError.self) { try elements(2) { $0.int32Data = [1, 256] } }
    #expect(throws: ONNXError.self) { try elements(13) { $0.uint64Data = [1, .max] } }
  }
}
