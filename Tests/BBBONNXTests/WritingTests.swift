import Foundation
import TestSupport
import Testing

@testable import BBBONNX

/// Graphs that are written again with zeros in place of weights.
@Suite struct WritingTests {
  /// Three inputs, two units.
  private static let weights = TestModel.floats("w", [1, 2, 3, 4, 5, 6], shape: [3, 2])
  /// Unit 0 loses its first and last weight, unit 1 its second.
  private static let removed = [true, false, true, false, true, false]
  /// What is left, input by input, as the file has them.
  private static let left: [Float] = [0, 2, 3, 0, 0, 6]

  private func written(
    _ model: Onnx_ModelProto, _ removed: [[Bool]?] = [removed]
  ) throws -> Onnx_ModelProto {
    let data = try model.read().file(removing: removed)
    #expect(try model.read().file(removing: removed) == data, "the same bytes each time")
    return try Onnx_ModelProto(serializedBytes: data)
  }

  private func floats(_ tensor: Onnx_TensorProto) -> [Float] {
    tensor.rawData.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  @Test func weightsAreZeroWhereTheyStandInTheFile() throws {
    let model = TestModel.model(
      [TestModel.node("MatMul", ["x", "w"])], initializers: [Self.weights])
    let initializer = try written(model).graph.initializer[0]
    #expect(floats(initializer) == Self.left)
    #expect(initializer.floatData.isEmpty && initializer.name == "w" && initializer.dims == [3, 2])
  }

  @Test func whatIsNotRemovedStaysByteForByte() throws {
    var model = TestModel.model(
      [
        TestModel.node("Gemm", ["x", "w", "b"], ["g"]), TestModel.node("Relu", ["g"]),
      ], initializers: [Self.weights, TestModel.floats("b", [1, 2])])
    model.producerName = "someone"
    #expect(try written(model, [nil]) == model)
    var expected = try written(model)
    expected.graph.initializer[0] = model.graph.initializer[0]
    #expect(expected == model)
  }

  @Test func weightsOfAConstantNodeAreZero() throws {
    var tensor = Self.weights
    tensor.name = ""
    let constant = TestModel.node(
      "Constant", [], ["w"],
      [
        .with { attribute in
          attribute.name = "value"
          attribute.type = .tensor
          attribute.t = tensor
        }
      ])
    let model = TestModel.model([constant, TestModel.node("MatMul", ["x", "w"])])
    #expect(floats(try written(model).graph.node[0].attribute[0].t) == Self.left)
  }

  @Test func notesOfTheMachineAreLeftOut() throws {
    var node = TestModel.node("MatMul", ["x", "w"])
    func note(_ key: String, _ value: String) -> Onnx_StringStringEntryProto {
      .with {
        $0.key = key
        $0.value = value
      }
    }
    node.metadataProps = [
      note("pkg.torch.onnx.stack_trace", "File \"/home/someone/net.py\", line 3"),
      note("namespace", "fc1"),
    ]
    let model = TestModel.model([node], initializers: [Self.weights])
    #expect(try written(model).graph.node[0].metadataProps.map(\.key) == ["namespace"])
  }

  @Test func filesBesideTheGraphAreTakenIn() throws {
    var tensor = Self.weights
    let numbers = tensor.floatData
    tensor.floatData = []
    tensor.dataLocation = .external
    tensor.externalData = [
      .with {
        $0.key = "location"
        $0.value = "weights.data"
      }
    ]
    let model = TestModel.model([TestModel.node("MatMul", ["x", "w"])], initializers: [tensor])
    try withTemporaryFolder { folder in
      try numbers.withUnsafeBytes { Data($0) }.write(to: URL(filePath: folder + "/weights.data"))
      try model.serializedData().write(to: URL(filePath: folder + "/model.onnx"))
      let data = try ONNXGraph(contentsOf: folder + "/model.onnx").file(removing: [Self.removed])
      let initializer = try Onnx_ModelProto(serializedBytes: data).graph.initializer[0]
      #expect(floats(initializer) == Self.left)
      #expect(initializer.externalData.isEmpty && initializer.dataLocation == .default)
    }
  }

  @Test func sharedWeightsAreRemovedOnce() throws {
    let model = TestModel.model(
      [
        TestModel.node("MatMul", ["x", "w"], ["a"]), TestModel.node("Relu", ["x"], ["r"]),
        TestModel.node("MatMul", ["r", "w"], ["b"]), TestModel.node("Add", ["a", "b"]),
      ], initializers: [Self.weights])
    #expect(floats(try written(model).graph.initializer[0]) == Self.left)
  }

  /// One way round they are a matrix of two units, the other way one of three.
  @Test func weightsThatAreTurnedOverGoTogetherOrNotAtAll() throws {
    let model = TestModel.model(
      [
        TestModel.node("MatMul", ["x", "w"], ["a"]), TestModel.node("Transpose", ["w"], ["v"]),
        TestModel.node("MatMul", ["a", "v"]),
      ], initializers: [Self.weights])
    let turned = Self.left.map { $0 == 0 }
    #expect(floats(try written(model, [Self.removed, turned]).graph.initializer[0]) == Self.left)
    let error = #expect(throws: ONNXError.self) {
      try model.read().file(removing: [Self.removed, turned.map { !$0 }])
    }
    #expect(error?.message.contains("shares its weights (\"w\") with another layer") == true)
  }

  @Test(
    "every graph of the shared folder can be written",
    .enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)),
    arguments: ["ivon_mobilenet.dynamo.onnx", "ivon_resnet20.nofold.onnx", "blitz_binary.onnx"])
  func sharedGraphs(name: String) throws {
    let graph = try ONNXGraph(contentsOf: SharedFolder.graph(name))
    let network = try graph.network()
    var generator = SeededGenerator(seed: 3)
    let removed = network.matrices.map { matrix -> [Bool]? in
      matrix.weights.map { _ in Bool.random(using: &generator) }
    }
    // What is written is read once more before it is handed out.
    let again = try ONNXGraph(data: graph.file(removing: removed)).network()
    for (matrix, flags) in zip(again.matrices, removed) {
      let zeros = zip(matrix.weights, flags ?? []).filter { $1 && $0 != 0 }
      #expect(zeros.isEmpty)
    }
  }
}
