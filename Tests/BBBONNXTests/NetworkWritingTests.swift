import BBBNetwork
import Foundation
import NetworkReference
import TestSupport
import Testing

@testable import BBBONNX

/// Networks that are written as graphs, against ONNX Runtime and our own reader.
@Suite struct NetworkWritingTests {
  private static let raw = ONNXWritingOptions(
    output: .numbers(noiseDeviation: nil), inputScaling: .identity)

  /// A network with random weights.
  private static func sample(
    _ network: Network, using generator: inout SeededGenerator
  ) -> (graph: GraphNetwork, reference: ReferenceNetwork) {
    let weights = RandomNetworks.weights(for: network, using: &generator)
    return (
      GraphNetwork(network, weights), ReferenceNetwork(network, weights)
    )
  }

  private static func inputs(
    of network: Network, count: Int, range: ClosedRange<Double> = -2...2,
    using generator: inout SeededGenerator
  ) -> [Double] {
    (0..<count * network.inputCount).map { _ in
      Double(Float(Double.random(in: range, using: &generator)))
    }
  }

  /// The outputs of a network for several examples.
  private static func outputs(_ reference: ReferenceNetwork, _ inputs: [Double]) -> [Double] {
    let count = reference.network.inputCount
    return stride(from: 0, to: inputs.count, by: count).flatMap {
      reference.output(for: Array(inputs[$0..<$0 + count]))
    }
  }

  private static func areAlike(
    _ found: [Double?], _ expected: [Double], tolerance: Double = 2e-4
  ) -> Bool {
    let scale = max(expected.map(\.magnitude).max() ?? 0, 0.01)
    return found.count == expected.count
      && zip(found, expected).allSatisfy { found, expected in
        found.map { abs($0 - expected) <= tolerance * scale } ?? !expected.isFinite
      }
  }

  @Test(
    "any network gives in ONNX Runtime what its definitions say, for any number of examples",
    .enabled(if: PythonRuntime.isThere, Comment(rawValue: PythonRuntime.remedy)))
  func runtime() throws {
    var graphs: [PythonRuntime.Graph] = []
    var expected: [(network: Network, outputs: [Double])] = []
    for seed in 0..<400 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let network = RandomNetworks.make(using: &generator)
      let (graph, reference) = Self.sample(network, using: &generator)
      let count = Int.random(in: 1...3, using: &generator)
      let inputs = Self.inputs(of: network, count: count, using: &generator)
      graphs.append(PythonRuntime.Graph(file: try graph.onnxFile(Self.raw), inputs: inputs))
      expected.append((network, Self.outputs(reference, inputs)))
    }
    for (seed, answer) in try PythonRuntime.answers(to: graphs).enumerated() {
      let (network, outputs) = expected[seed]
      #expect(answer.error == nil, "seed \(seed): \(network)")
      let count = outputs.count / network.outputCount
      #expect(answer.shape == [count] + network.shape(of: network.output).extents)
      #expect(Self.areAlike(answer.outputs, outputs), "seed \(seed): \(network)")
    }
  }

  @Test(
    "every activation, far from zero too",
    .enabled(if: PythonRuntime.isThere, Comment(rawValue: PythonRuntime.remedy)))
  func activations() throws {
    let inputs = stride(from: -12.0, through: 12, by: 0.125).map { $0 }
    let graphs = try Activation.allCases.map { activation in
      let network = try Network(
        input: [inputs.count],
        nodes: [Node("f", .activation(activation), reading: [.input])])
      return PythonRuntime.Graph(
        file: try GraphNetwork(network, []).onnxFile(Self.raw), inputs: inputs)
    }
    for (activation, answer) in zip(Activation.allCases, try PythonRuntime.answers(to: graphs)) {
      #expect(answer.error == nil, "\(activation)")
      for (input, output) in zip(inputs, answer.outputs) {
        let expected = activation(input)
        // What is no number is none in the answer either.
        guard expected.isFinite else {
          #expect(output == nil, "\(activation) of \(input)")
          continue
        }
        #expect(
          abs(try #require(output) - expected) <= 2e-6 * max(1, abs(expected)),
          "\(activation) of \(input)")
      }
    }
  }

  @Test("what is written is read as a network of the same function")
  func reading() throws {
    var readCount = 0
    for seed in 0..<400 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let network = RandomNetworks.make(using: &generator)
      let (graph, reference) = Self.sample(network, using: &generator)
      let file = try graph.onnxFile(Self.raw)
      #expect(try graph.onnxFile(Self.raw) == file, "the same bytes each time")
      let input = Self.inputs(of: network, count: 1, using: &generator)
      do throws(ONNXError) {
        let read = try ONNXGraph(data: file).network()
        readCount += 1
        var outputs = read.reference.output(for: input)
        switch read.output {
        case .classes: outputs = ReferenceNetwork.softmax(outputs)
        case .binary: outputs = outputs.map { Activation.sigmoid($0) }
        default: break
        }
        #expect(
          Self.areAlike(outputs, reference.output(for: input), tolerance: 1e-5),
          "seed \(seed): \(network)")
      } catch {
        // Of a single element, or of constants alone, nothing is made of in a network that is read.
        #expect(error.code == .unsupported)
      }
    }
    #expect(readCount > 300, "\(readCount)")
  }

  @Test("half precision takes half the bytes, and is cast where the graph is loaded")
  func halfPrecision() throws {
    let network = try Network(
      text: "input 2 9 9; a = convolution 40 3x3; relu; flatten; b = linear 20")
    var generator = SeededGenerator(seed: 3)
    let (graph, _) = Self.sample(network, using: &generator)
    var options = Self.raw
    let whole = try graph.onnxFile(options)
    options.values = .float16
    let half = try graph.onnxFile(options)
    #expect(Double(half.count) < 0.52 * Double(whole.count))
    let model = try Onnx_ModelProto(serializedBytes: half)
    #expect(model.graph.initializer.map(\.name) == ["a.weight", "a.bias", "b.weight", "b.bias"])
    #expect(model.graph.initializer.map(\.dataType) == [10, 1, 10, 1])
    #expect(model.graph.node.map(\.opType) == ["Cast", "Conv", "Relu", "Flatten", "Cast", "Gemm"])
    let read = try ONNXGraph(data: half).network()
    for (written, given) in zip(read.matrices, graph.matrices) {
      #expect(written.biases == given.biases)
      for (one, other) in zip(written.weights, given.weights) {
        #expect(abs(one - other) <= 0x1p-11 * abs(other) + 0x1p-25)
      }
    }
    var large = graph
    var matrices = graph.matrices
    matrices[1].weights[5] = 65_536
    large = GraphNetwork(path: "", network: network, matrices: matrices, output: nil)
    let error = #expect(throws: ONNXError.self) { try large.onnxFile(options) }
    #expect(error?.message.contains("\"b.weight\" has a weight of 65536.0") == true)
  }

  @Test("nodes, weights, input and output have names that differ")
  func names() throws {
    // A node called as another's weights, and one as the input.
    let network = try Network(
      text: "input 3; a = linear 4; a.weight = relu; input2 = linear 2")
    var nodes = network.nodes
    nodes[2].name = "input"
    let renamed = try Network(input: [3], nodes: nodes)
    var generator = SeededGenerator(seed: 1)
    let (graph, reference) = Self.sample(renamed, using: &generator)
    let file = try graph.onnxFile(Self.raw)
    let model = try Onnx_ModelProto(serializedBytes: file)
    let names =
      model.graph.initializer.map(\.name) + model.graph.input.map(\.name)
      + model.graph.node.flatMap(\.output)
    #expect(Set(names).count == names.count)
    #expect(model.graph.output.map(\.name) == ["output"])
    let input = [0.5, -1, 2]
    #expect(
      Self.areAlike(
        try ONNXGraph(data: file).network().reference.output(for: input),
        reference.output(for: input), tolerance: 1e-6))
  }

  @Test("the metadata say what goes in and what comes out")
  func metadata() throws {
    let network = try Network(text: "input 2 3 3; flatten; a = linear 3")
    var generator = SeededGenerator(seed: 1)
    let (graph, _) = Self.sample(network, using: &generator)
    let scaling = try #require(
      InputScaling(factor: 0.25, means: [0.5, 1], deviations: [2, 3]))
    let read = try ONNXGraph(
      data: graph.onnxFile(ONNXWritingOptions(output: .classes, inputScaling: scaling)))
    #expect(read.metadata["output"] == "classes")
    #expect(
      read.metadata["outputs"] == "logits of classes: softmax makes probabilities of them")
    #expect(read.metadata["input_scale"] == "0.25")
    #expect(read.metadata["input_mean"] == "0.5,1.0")
    #expect(read.metadata["input_deviation"] == "2.0,3.0")
    #expect(read.inputs[0].frozenBatch == nil && read.inputs[0].exampleShape == [2, 3, 3])
  }

  @Test("a graph takes another's place: its names, its shapes, its probabilities")
  func anothersPlace() throws {
    let linear = TestModel.node("MatMul", ["x", "w"], ["h"])
    let weights = TestModel.floats("w", [1, 2, 3, 4, 5, 6], shape: [3, 2])
    for (end, form) in [
      ("Softmax", ONNXWritingOptions.OutputForm.probabilities), ("LogSoftmax", .logarithms),
      ("Relu", .raw),
    ] {
      let given = try TestModel.model(
        [linear, TestModel.node(end, ["h"])], initializers: [weights]
      ).read()
      #expect(ONNXWritingOptions.OutputForm(endOf: given) == form)
      let network = try given.network()
      let file = try network.onnxFile(
        ONNXWritingOptions(
          output: network.output ?? .numbers(noiseDeviation: nil), inputScaling: .identity,
          outputForm: form))
      let written = try ONNXGraph(data: file)
      #expect(ONNXWritingOptions.OutputForm(endOf: written) == form)
      let again = try written.network()
      #expect(again.network == network.network && again.output == network.output)
      #expect(again.ports == network.ports)
    }
  }

  @Test(
    "several inputs and outputs, with the examples along any axis, are parts of the network's",
    .enabled(if: PythonRuntime.isThere, Comment(rawValue: PythonRuntime.remedy)))
  func ports() throws {
    let network = try Network(text: "input 10; a = linear 7")
    var generator = SeededGenerator(seed: 9)
    let (graph, reference) = Self.sample(network, using: &generator)
    let ports = Ports(
      inputs: [
        Port(name: "tokens", shape: [2], holdsIntegers: true),
        Port(name: "state", shape: [2, 4], exampleAxis: 1),
      ],
      outputs: [
        Port(name: "left", shape: [3, 1]), Port(name: "right", shape: [2, 2], exampleAxis: 2),
      ])
    let file = try GraphNetwork(
      path: "", network: network, matrices: graph.matrices, output: nil, ports: ports
    ).onnxFile(Self.raw)
    let script = """
      import json, numpy, onnx, onnxruntime, sys
      onnx.checker.check_model(sys.argv[1], full_check=True)
      session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
      rows = numpy.array([[3, -2, .5, 1, 0, -1, 2, .25, 1, -.5], [1, 4, 0, .5, 1, 1, -2, 2, .75, 0]])
      tokens = rows[:, :2].astype(numpy.int64)
      state = numpy.moveaxis(rows[:, 2:].reshape(2, 2, 4), 0, 1).astype(numpy.float32)
      left, right = session.run(["left", "right"], {"tokens": tokens, "state": state})
      assert left.shape == (2, 3, 1) and right.shape == (2, 2, 2)
      found = numpy.concatenate([left.reshape(2, 3), numpy.moveaxis(right, 2, 0).reshape(2, 4)], 1)
      json.dump([[float(x) for x in rows.ravel()], [float(x) for x in found.ravel()]], sys.stdout)
      """
    try withTemporaryFolder { folder in
      try file.write(to: URL(filePath: folder + "/ports.onnx"))
      let answer = try JSONDecoder().decode(
        [[Double]].self, from: try PythonRuntime.run(["-c", script, folder + "/ports.onnx"]))
      #expect(Self.areAlike(answer[1], Self.outputs(reference, answer[0])))
    }
  }

  @Test("windows along four axes, and values without elements, are refused by name")
  func refusals() throws {
    let window = Window([2, 1, 1, 1].map { Window.Axis($0) })
    let wide = try Network(
      input: [1, 2, 2, 2, 2], nodes: [Node("wide", .pool(Pool(.max, window)), reading: [.input])])
    let error = #expect(throws: ONNXError.self) {
      try GraphNetwork(wide, []).onnxFile(Self.raw)
    }
    #expect(error?.message.contains("\"wide\" moves a window along 4 axes") == true)
    let empty = try Network(
      input: [2],
      nodes: [
        Node("a", .matrix(Matrix(unitCount: 0)), reading: [.input]),
        Node("b", .matrix(Matrix(unitCount: 1)), reading: [.node(0)]),
      ])
    let other = #expect(throws: ONNXError.self) {
      try GraphNetwork(
        path: "", network: empty,
        matrices: [
          GraphNetwork.MatrixValues(weights: [], biases: [], names: []),
          GraphNetwork.MatrixValues(weights: [], biases: [1], names: []),
        ], output: nil
      ).onnxFile(Self.raw)
    }
    #expect(other?.message.contains("\"a\" has no elements") == true)
  }
}

extension GraphNetwork {
  /// A network of given weights.
  fileprivate init(_ network: Network, _ weights: [ReferenceNetwork.Weights]) {
    self.init(
      path: "", network: network,
      matrices: zip(network.parameters, weights).map { parameter, values in
        let shape = parameter.weights
        let rowLength = shape.channels * shape.taps
        return MatrixValues(
          weights: (0..<shape.rows).flatMap { row -> [Float] in
            let first = row * shape.columnCount + shape.firstColumn(ofRow: row)
            return values.weights[first..<first + rowLength].map { Float($0) }
          },
          biases: parameter.hasBias ? values.biases.map { Float($0) } : nil, names: [])
      }, output: nil)
  }
}
