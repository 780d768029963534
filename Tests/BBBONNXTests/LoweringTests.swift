import BBBNetwork
import Foundation
import Testing

@testable import BBBONNX

/// What graphs become as networks.
@Suite struct LoweringTests {
  private static let image = [TestModel.input("x", ["n", "2", "4", "4"])]
  /// Two units of two channels.
  private static let kernel = TestModel.floats("w", [1, 2, 3, 4], shape: [2, 2, 1, 1])

  private func words(_ network: Network) -> [String] {
    network.nodes.map { $0.operation.word }
  }

  // MARK: Matrices

  @Test func normalizationIsFolded() throws {
    let lowered = try TestModel.model(
      [
        TestModel.node("Conv", ["x", "w", "b"], ["c"]),
        TestModel.node(
          "BatchNormalization", ["c", "scale", "shift", "mean", "variance"], ["y"],
          [TestModel.attribute("epsilon", real: 0)]),
      ], inputs: Self.image,
      initializers: [
        Self.kernel, TestModel.floats("b", [1, -1]), TestModel.floats("scale", [2, -3]),
        TestModel.floats("shift", [5, 7]), TestModel.floats("mean", [0.5, 1]),
        TestModel.floats("variance", [4, 9]),
      ]
    ).read().network()
    #expect(words(lowered.network) == ["convolution"])
    #expect(lowered.matrices[0].weights == [1, 2, -3, -4])
    #expect(lowered.matrices[0].biases == [5.5, 9])
    #expect(lowered.matrices[0].names == ["w"])
  }

  @Test func factorsOfAProductAreFolded() throws {
    let lowered = try TestModel.model(
      [
        TestModel.node(
          "Gemm", ["x", "w", "b"], ["y"],
          [TestModel.attribute("alpha", real: 2), TestModel.attribute("beta", real: -3)])
      ],
      initializers: [
        TestModel.floats("w", [1, 2, 3, 4, 5, 6], shape: [3, 2]),
        TestModel.floats("b", [10], shape: [1]),
      ]
    ).read().network()
    #expect(lowered.matrices[0].weights == [2, 6, 10, 4, 8, 12])
    #expect(lowered.matrices[0].biases == [-30, -30])
    #expect(lowered.network.shapes.map(\.extents) == [[3], [2]])
  }

  @Test func sumBehindAProductIsItsBias() throws {
    let weights = TestModel.floats("w", [1, 2, 3, 4, 5, 6], shape: [3, 2])
    let product = TestModel.node("MatMul", ["x", "w"], ["m"])
    let plain = try TestModel.model([product], outputs: ["m"], initializers: [weights]).read()
      .network()
    #expect(plain.network.parameters.map(\.hasBias) == [false])
    #expect(plain.matrices[0].biases == nil)
    let lowered = try TestModel.model(
      [product, TestModel.node("Add", ["b", "m"])],
      initializers: [weights, TestModel.floats("b", [7, 8])]
    ).read().network()
    #expect(lowered.network.parameters.map(\.hasBias) == [true])
    #expect(lowered.matrices[0].biases == [7, 8])
  }

  @Test(arguments: ["n", "1", "2"]) func numberOfExamplesDoesNotMatter(batch: String) throws {
    let lowered = try TestModel.model(
      [
        TestModel.node("MatMul", ["x", "w"], ["m"]), TestModel.node("Add", ["b", "m"], ["a"]),
        TestModel.node("Mul", ["a", "k"], ["c"]), TestModel.node("Gemm", ["c", "v", "b"]),
      ], inputs: [TestModel.input("x", [batch, "3"])],
      initializers: [
        TestModel.floats("w", [1, 2, 3, 4, 5, 6], shape: [3, 2]),
        TestModel.floats("b", [7, 8], shape: [1, 2]), TestModel.floats("k", [2], shape: [1, 1]),
        TestModel.floats("v", [1, 2, 3, 4], shape: [2, 2]),
      ]
    ).read().network()
    #expect(lowered.matrices.map(\.weights) == [[2, 6, 10, 4, 8, 12], [1, 3, 2, 4]])
    #expect(lowered.matrices.map(\.biases) == [[14, 16], [7, 8]])
  }

  @Test func tiedWeightsAreThereOnce() throws {
    let lowered = try TestModel.model(
      [
        TestModel.node("MatMul", ["x", "w"], ["a"]), TestModel.node("Add", ["a", "b"], ["c"]),
        TestModel.node("Relu", ["c"], ["r"]), TestModel.node("MatMul", ["r", "w"], ["d"]),
        TestModel.node("Add", ["b", "d"]),
      ],
      initializers: [
        TestModel.floats("w", [1, 2, 3, 4, 5, 6, 7, 8, 9], shape: [3, 3]),
        TestModel.floats("b", [1, 2, 3]),
      ]
    ).read().network()
    #expect(lowered.matrices.map(\.weights) == [[1, 4, 7, 2, 5, 8, 3, 6, 9]])
    #expect(lowered.matrices.map(\.biases) == [[1, 2, 3]])
    #expect(
      try lowered.network
        == Network(text: "input 3; fc1 = linear 3; fc1-relu = relu; linear 3 sharing fc1"))
  }

  /// Behind one of two nodes that share weights is a normalisation, which is no part of them then; the bias before it is.
  @Test func whatIsBehindOneUseOfWeightsIsNotFolded() throws {
    let lowered = try TestModel.model(
      [
        TestModel.node("Gemm", ["x", "w", "b"], ["a"]),
        TestModel.node(
          "BatchNormalization", ["a", "scale", "shift", "mean", "variance"], ["n"],
          [TestModel.attribute("epsilon", real: 0)]),
        TestModel.node("Gemm", ["n", "w", "b"]),
      ],
      initializers: [
        TestModel.floats("w", [1, 2, 3, 4, 5, 6, 7, 8, 9], shape: [3, 3]),
        TestModel.floats("b", [1, 2, 3]), TestModel.floats("scale", [2, 4, 8]),
        TestModel.floats("shift", [1, 0, -1]), TestModel.floats("mean", [0, 1, 0]),
        TestModel.floats("variance", [1, 4, 1]),
      ]
    ).read().network()
    #expect(
      try lowered.network
        == Network(
          text: """
            input 3
            fc1 = linear 3
            constant2 = constant 3
            multiply3 = multiply fc1 constant2
            constant4 = constant 3
            add multiply3 constant4
            linear 3 sharing fc1
            """))
    #expect(lowered.matrices.map(\.biases) == [[1, 2, 3], [2, 2, 8], [1, -2, -1]])
  }

  /// ONNX Runtime has the steps first only.
  @Test(arguments: ["LSTM", "GRU", "RNN"])
  func recurrentLayersMayHaveTheExamplesFirst(operatorType: String) throws {
    let rows = ["LSTM": 8, "GRU": 6, "RNN": 2][operatorType] ?? 0
    func numbers(_ name: String, _ shape: [Int64]) -> Onnx_TensorProto {
      let count = Int(shape.reduce(1, *))
      return TestModel.floats(name, (0..<count).map { sin(Float($0 * $0 + 1)) }, shape: shape)
    }
    let weights = [
      numbers("w", [2, Int64(rows), 3]), numbers("r", [2, Int64(rows), 2]),
      numbers("b", [2, Int64(2 * rows)]),
    ]
    func model(_ nodes: [Onnx_NodeProto]) throws -> GraphNetwork {
      try TestModel.model(
        nodes, inputs: [TestModel.input("x", ["n", "4", "3"])], initializers: weights
      ).read().network()
    }
    let direction = TestModel.attribute("direction", text: "bidirectional")
    let first = try model([
      TestModel.node(
        operatorType, ["x", "w", "r", "b"], ["y"], [direction, TestModel.attribute("layout", 1)])
    ])
    let second = try model([
      TestModel.node("Transpose", ["x"], ["t"], [TestModel.attribute("perm", [1, 0, 2])]),
      TestModel.node(operatorType, ["t", "w", "r", "b"], ["s"], [direction]),
      TestModel.node("Transpose", ["s"], ["y"], [TestModel.attribute("perm", [2, 0, 1, 3])]),
    ])
    #expect(first.network.shapes.last?.extents == [4, 2, 2])
    // One matrix of each kind for each direction, whatever the number of steps.
    #expect(first.network.parameters.count { $0.weights.channels > 0 } == 4)
    let input = (0..<12).map { cos(Double($0)) }
    #expect(first.reference.output(for: input) == second.reference.output(for: input))
  }

  @Test func transposedWeightsKeepTheirName() throws {
    var product = TestModel.node("MatMul", ["x", "v"])
    product.name = "/fc/MatMul"
    let lowered = try TestModel.model(
      [TestModel.node("Transpose", ["w"], ["v"]), product],
      initializers: [TestModel.floats("w", [1, 2, 3, 4, 5, 6], shape: [2, 3])]
    ).read().network()
    #expect(lowered.matrices[0].weights == [1, 2, 3, 4, 5, 6])
    #expect(lowered.matrices[0].names == ["w", "fc"])
  }

  @Test func groupsAreRowsOfTheirOwn() throws {
    let lowered = try TestModel.model(
      [
        TestModel.node(
          "Conv", ["x", "w"], ["y"],
          [
            TestModel.attribute("group", 2), TestModel.attribute("pads", [1, 0, 0, 2]),
            TestModel.attribute("dilations", [2, 1]), TestModel.attribute("strides", [1, 3]),
          ])
      ], inputs: Self.image,
      initializers: [TestModel.floats("w", (0..<16).map(Float.init), shape: [4, 1, 2, 2])]
    ).read().network()
    let window = Window([
      Window.Axis(2, dilation: 2, paddingBefore: 1, paddingAfter: 0),
      Window.Axis(2, stride: 3, paddingBefore: 0, paddingAfter: 2),
    ])
    #expect(
      lowered.network.nodes[0].operation
        == .matrix(Matrix(unitCount: 4, window: window, groupCount: 2, hasBias: false)))
    #expect(lowered.network.shapes[1] == [4, 3, 2])
  }

  @Test(arguments: [
    ("/conv1/Conv", "Conv", "conv1"), ("/layer1/layer1.0/conv1/Conv", "Conv", "layer1.0.conv1"),
    ("/layer1/layer1.0/conv1/Conv_1", "Conv", "layer1.0.conv1"),
    ("/conv/conv1/Conv", "Conv", "conv.conv1"), ("/0/Gemm", "Gemm", "0"),
    ("/Conv", "Conv", nil), ("node_Conv_97", "Conv", nil), ("", "Conv", nil),
    ("/a//Conv", "Conv", nil), ("sequential/fc/MatMul", "MatMul", nil),
    ("/conv1/ConvTranspose", "Conv", nil), ("//Conv", "Conv", nil),
  ])
  func nodesTellTheirModules(name: String, operatorType: String, path: String?) {
    let node = ONNXNode(
      name: name, operatorType: operatorType, inputs: [], outputs: [],
      attributes: ONNXAttributes([:], of: ""), metadata: [:])
    #expect(node.modulePath == path)
  }

  // MARK: The whole

  @Test func deadNodesAreDropped() throws {
    let lowered = try TestModel.model(
      [
        TestModel.node("Sin", ["x"], ["s"]), TestModel.node("Cos", ["s"], ["c"]),
        TestModel.node("Relu", ["x"]),
      ]
    ).read().network()
    #expect(words(lowered.network) == ["relu"])
  }

  @Test func insideOfAFunctionCanBeReadElsewhere() throws {
    let lowered = try TestModel.model(
      [
        TestModel.node("Sigmoid", ["x"], ["s"]), TestModel.node("Mul", ["s", "x"], ["m"]),
        TestModel.node("Add", ["s", "m"]),
      ]
    ).read().network()
    #expect(words(lowered.network) == ["sigmoid", "silu", "add"])
    let outputs = lowered.reference.output(for: [-1, 0, 2])
    for (x, output) in zip([-1.0, 0, 2], outputs) {
      #expect(abs(output - Activation.sigmoid(x) - Activation.silu(x)) < 1e-12)
    }
  }

  @Test func networkIsItsOwnText() throws {
    let lowered = try TestModel.model(
      [
        TestModel.node("Conv", ["x", "w"], ["c"]), TestModel.node("Relu", ["c"], ["r"]),
        TestModel.node("Add", ["r", "x"], ["a"]), TestModel.node("GlobalAveragePool", ["a"], ["p"]),
        TestModel.node("Flatten", ["p"], ["f"]), TestModel.node("MatMul", ["f", "v"], ["m"]),
        TestModel.node("Softmax", ["m"]),
      ], inputs: Self.image,
      initializers: [Self.kernel, TestModel.floats("v", [1, 2, 3, 4, 5, 6], shape: [2, 3])]
    ).read().network()
    #expect(lowered.output == .classes)
    #expect(try Network(text: lowered.network.description) == lowered.network)
    #expect(
      words(lowered.network)
        == ["convolution", "relu", "add", "average-pool", "flatten", "linear"])
  }

  // MARK: Ends

  @Test(arguments: [
    ("Softmax", 3, OutputMeaning.classes, 1), ("LogSoftmax", 3, .classes, 1),
    ("Sigmoid", 1, .binary, 1), ("Sigmoid", 3, .numbers(noiseDeviation: nil), 2),
  ])
  func endTellsWhatOutputsAre(
    end: String, units: Int, meaning: OutputMeaning?, nodeCount: Int
  ) throws {
    let lowered = try TestModel.model(
      [TestModel.node("MatMul", ["x", "w"], ["m"]), TestModel.node(end, ["m"])],
      initializers: [
        TestModel.floats("w", [Float](repeating: 1, count: 3 * units), shape: [3, Int64(units)])
      ]
    ).read().network()
    #expect(lowered.output == meaning)
    #expect(lowered.network.nodes.count == nodeCount)
  }

  // MARK: Shapes

  @Test func aFlattenOfOneAxisIsNothing() throws {
    let lowered = try TestModel.model(
      [
        TestModel.node("Flatten", ["x"], ["f"]), TestModel.node("Reshape", ["f", "t"], ["g"]),
        TestModel.node("Relu", ["g"]),
      ], initializers: [TestModel.integers("t", [-1, 3])]
    ).read().network()
    #expect(words(lowered.network) == ["relu"])
  }

  @Test func changesOfShapeCancel() throws {
    let lowered = try TestModel.model(
      [
        TestModel.node("Flatten", ["x"], ["f"]), TestModel.node("Reshape", ["f", "t"], ["g"]),
        TestModel.node("Conv", ["g", "w"]),
      ], inputs: Self.image, initializers: [Self.kernel, TestModel.integers("t", [-1, 2, 4, 4])]
    ).read().network()
    #expect(words(lowered.network) == ["convolution"])
  }

  @Test func foldingGoesThroughShapesThatAreTheSame() throws {
    let lowered = try TestModel.model(
      [
        TestModel.node("Conv", ["x", "w"], ["c"]), TestModel.node("Reshape", ["c", "t"], ["r"]),
        TestModel.node("Mul", ["r", "k"]),
      ], inputs: Self.image,
      initializers: [
        Self.kernel, TestModel.integers("t", [-1, 2, 4, 4]),
        TestModel.floats("k", [2, 3], shape: [2, 1, 1]),
      ]
    ).read().network()
    #expect(lowered.matrices[0].weights == [2, 4, 9, 12])
    #expect(lowered.network.nodes.count == 1)
  }

  @Test func lastWindowsReachBeyondThePadding() throws {
    let lowered = try TestModel.model(
      [
        TestModel.node(
          "MaxPool", ["x"], ["y"],
          [
            TestModel.attribute("kernel_shape", [3, 2]), TestModel.attribute("strides", [2, 2]),
            TestModel.attribute("ceil_mode", 1),
          ])
      ], inputs: Self.image
    ).read().network()
    let window = Window([
      Window.Axis(3, stride: 2, paddingBefore: 0, paddingAfter: 1), Window.Axis(2, stride: 2),
    ])
    #expect(lowered.network.nodes[0].operation == .pool(Pool(.max, window)))
    #expect(lowered.network.shapes[1] == [2, 2, 2])
  }

  @Test func reductionsArePools() throws {
    let lowered = try TestModel.model(
      [
        TestModel.node(
          "ReduceMean", ["x"], ["r"],
          [TestModel.attribute("axes", [2, 3]), TestModel.attribute("keepdims", 0)]),
        TestModel.node("MatMul", ["r", "w"]),
      ], inputs: Self.image, initializers: [TestModel.floats("w", [1, -1], shape: [2, 1])]
    ).read().network()
    #expect(words(lowered.network) == ["average-pool", "flatten", "linear"])
    let input = (0..<32).map(Double.init)
    #expect(lowered.reference.output(for: input) == [7.5 - 23.5])
  }

  @Test func elementsAreTakenAndSurrounded() throws {
    let lowered = try TestModel.model(
      [
        TestModel.node("Slice", ["x", "starts", "ends", "axes"], ["s"]),
        TestModel.node("Pad", ["s", "pads"], ["p"]),
        TestModel.node("Concat", ["p", "s"], ["y"], [TestModel.attribute("axis", 1)]),
      ], inputs: [TestModel.input("x", ["n", "4"])],
      initializers: [
        TestModel.integers("starts", [1]), TestModel.integers("ends", [3]),
        TestModel.integers("axes", [-1]), TestModel.integers("pads", [0, 1, 0, 2]),
      ]
    ).read().network()
    #expect(lowered.reference.output(for: [1, 2, 3, 4]) == [0, 2, 3, 0, 0, 2, 3])
  }

  @Test(arguments: [
    ("Relu", Activation.relu), ("LeakyRelu", .leakyRelu), ("Sigmoid", .sigmoid), ("Tanh", .tanh),
    ("Elu", .elu), ("Selu", .selu), ("Softplus", .softplus), ("HardSwish", .hardSwish),
    ("Gelu", .gelu),
  ])
  func activationsAreThoseOfTheirName(operatorType: String, activation: Activation) throws {
    let lowered = try TestModel.model([TestModel.node(operatorType, ["x"])], opset: 20).read()
      .network()
    #expect(lowered.network.nodes.map(\.operation) == [.activation(activation)])
  }

  @Test func outputsThatAreProbabilitiesAreNoLogits() throws {
    let matrix = TestModel.floats("w", [Float](repeating: 1, count: 9), shape: [3, 3])
    func output(_ end: String, _ shape: [String] = ["n", "3"]) throws -> OutputMeaning? {
      try TestModel.model(
        [TestModel.node("MatMul", ["x", "w"], ["m"]), TestModel.node(end, ["m"])],
        inputs: [TestModel.input("x", shape)], initializers: [matrix]
      ).read().network().output
    }
    #expect(try output("Softmax") == .classes)
    #expect(try output("Sigmoid") == .numbers(noiseDeviation: nil))
    #expect(try output("Softmax", ["n", "2", "3"]) == .numbers(noiseDeviation: nil))
    #expect(try output("Relu") == nil)
  }
}
