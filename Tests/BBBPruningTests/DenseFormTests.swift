import BBBInference
import BBBNetwork
import BBBONNX
import NetworkReference
import TestSupport
import Testing

@testable import BBBPruning

@Suite("A compact model as a network of dense matrices")
struct DenseFormTests {
  /// A sample of a network that is so much pruned that whole layers are often gone.
  private static func sample(_ seed: UInt64) -> (sample: PrunedSample, inputs: [Double]) {
    var generator = SeededGenerator(seed: seed)
    let network = RandomNetworks.make(using: &generator)
    var keeps: Mask?
    if seed % 3 == 0 {
      let count = network.parameters.reduce(0) { $0 + $1.weights.count }
      keeps = Mask((0..<count).map { _ in Int.random(in: 0..<6, using: &generator) == 0 })
    }
    let sample = PrunedSample(network, keeps: keeps, using: &generator)
    let inputs = (0..<2 * network.inputCount).map { _ in
      Double(Float(Double.random(in: -2...2, using: &generator)))
    }
    return (sample, inputs)
  }

  private static func areAlike(
    _ found: [Double?], _ expected: [Double], tolerance: Double
  ) -> Bool {
    let scale = 1 + (expected.map(\.magnitude).max() ?? 0)
    return found.count == expected.count
      && zip(found, expected).allSatisfy { found, expected in
        found.map { abs($0 - expected) <= tolerance * scale } ?? !expected.isFinite
      }
  }

  @Test(
    "computes what the masked dense network does, and has no value without elements",
    arguments: 0..<400)
  func exactness(seed: UInt64) throws {
    let (sample, inputs) = Self.sample(seed)
    let model = LiveNetwork(sample.dense, sample.pruning).model(sample.dense.matrices)
    for model in [model, model.inCodingOrder()] {
      let graph = try model.graphNetwork()
      #expect(graph.network.shapes.allSatisfy { $0.count > 0 })
      let reference = ReferenceNetwork(
        graph.network,
        zip(graph.matrices, graph.network.parameters).map { values, parameter in
          ReferenceNetwork.weights(
            values.weights.map(Double.init), biases: values.biases?.map(Double.init),
            parameter.weights)
        })
      let input = Array(inputs.prefix(sample.dense.inputCount))
      #expect(
        Self.areAlike(
          reference.output(for: input), sample.masked.output(for: input), tolerance: 1e-5),
        "seed \(seed): \(sample.dense.network)")
      // And back: what is dense runs as what is sparse does.
      let again = CompactModel(graph, output: model.output, inputScaling: model.inputScaling)
      #expect(model.largestOutputDifference(from: again) < 1e-4)
    }
  }

  @Test(
    "pruned networks give in ONNX Runtime what their masked dense ones do",
    .enabled(if: PythonRuntime.isThere, Comment(rawValue: PythonRuntime.remedy)))
  func runtime() throws {
    let samples = (0..<300 as Range<UInt64>).map(Self.sample)
    let graphs = try samples.map { sample, inputs in
      let model = LiveNetwork(sample.dense, sample.pruning).model(sample.dense.matrices)
      let file = try model.graphNetwork().onnxFile(
        ONNXWritingOptions(output: model.output, inputScaling: model.inputScaling))
      return PythonRuntime.Graph(file: file, inputs: inputs)
    }
    for (index, answer) in try PythonRuntime.answers(to: graphs).enumerated() {
      let (sample, inputs) = samples[index]
      #expect(answer.error == nil, "seed \(index): \(sample.dense.network)")
      let count = sample.dense.inputCount
      let expected = [inputs.prefix(count), inputs.suffix(count)].flatMap {
        sample.masked.output(for: Array($0))
      }
      #expect(
        Self.areAlike(answer.outputs, expected, tolerance: 1e-4),
        "seed \(index): \(sample.dense.network)")
    }
  }

  @Test("a layer without units makes constants of what reads it")
  func emptyLayer() throws {
    let network = try Network(
      text: "input 2 4 4; a = convolution 3 3x3; relu; b = convolution 2 1x1; flatten; c = linear 2"
    )
    var generator = SeededGenerator(seed: 5)
    let (wholeA, wholeB) = (3 * 2 * 9, 2 * 3)
    var keeps = Mask(repeating: true, count: wholeA + wholeB + 2 * 8)
    for position in 0..<wholeA { keeps[position] = false }
    let sample = PrunedSample(network, keeps: keeps, using: &generator)
    let model = LiveNetwork(sample.dense, sample.pruning).model(sample.dense.matrices)
    #expect(model.network.parameters.map(\.weights.rows) == [0, 0, 2])
    let graph = try model.graphNetwork()
    #expect(graph.network.nodes.map(\.operation) == [.constant([2])])
    let expected = sample.masked.output(for: Array(repeating: 0.5, count: 32))
    for (number, expected) in zip(try #require(graph.matrices[0].biases), expected) {
      #expect(abs(Double(number) - expected) < 1e-5)
    }
  }

  @Test(
    "a depthwise convolution has as many groups as channels, in whatever order its file has them")
  func depthwise() throws {
    let network = try Network(
      text: """
        input 3 5 5; wide = convolution 12 1x1; relu6; deep = convolution 12 3x3 pad 1 groups 12; relu6; 
        narrow = convolution 4 1x1; grouped = convolution 8 3x3 groups 2; flatten; head = linear 2
        """)
    var generator = SeededGenerator(seed: 6)
    let count = network.parameters.reduce(0) { $0 + $1.weights.count }
    var keeps = Mask((0..<count).map { _ in Int.random(in: 0..<4, using: &generator) > 0 })
    // One unit of the depthwise convolution is gone, and with it what it reads.
    for position in 36 + 9 * 5..<36 + 9 * 6 { keeps[position] = false }
    let sample = PrunedSample(network, keeps: keeps, using: &generator)
    let model = LiveNetwork(sample.dense, sample.pruning).model(sample.dense.matrices)
    let decoded = try CompactModel(bytes: model.encodedInCodingOrder(valuesAs: .float32))
    for model in [model, decoded] {
      let graph = try model.graphNetwork()
      #expect(graph.network.parameters.map(\.weights.groups) == [1, 11, 1, 2, 1])
      #expect(graph.matrices[1].weights.count == 11 * 9)
    }
  }

  @Test("biases that are all 0 are left out, and weights may be rounded to half precision")
  func values() throws {
    let network = try Network(text: "input 4; a = linear 3 without-bias; relu; b = linear 2")
    var generator = SeededGenerator(seed: 7)
    let sample = PrunedSample(
      network, keeps: Mask(repeating: true, count: 18), using: &generator)
    let model = LiveNetwork(sample.dense, sample.pruning).model(sample.dense.matrices)
    let graph = try model.graphNetwork()
    #expect(graph.network.parameters.map(\.hasBias) == [false, true])
    let rounded = try model.graphNetwork(roundingToHalf: true)
    for (whole, half) in zip(graph.matrices, rounded.matrices) {
      #expect(whole.biases == half.biases)
      #expect(whole.weights != half.weights)
      for (whole, half) in zip(whole.weights, half.weights) {
        #expect(abs(whole - half) <= 0x1p-11 * abs(whole) + 0x1p-25)
      }
    }
  }

  @Test("other outputs are found, wherever they differ")
  func difference() throws {
    let network = try Network(text: "input 4; a = linear 3")
    var generator = SeededGenerator(seed: 8)
    let sample = PrunedSample(
      network, keeps: Mask(repeating: true, count: 12), using: &generator)
    let model = LiveNetwork(sample.dense, sample.pruning).model(sample.dense.matrices)
    #expect(model.largestOutputDifference(from: model) == 0)
    var biases = model.matrices[0].biases
    biases[2] += 0.1
    let other = model.with(matrices: [model.matrices[0].with(biases: biases)])
    #expect(model.largestOutputDifference(from: other) > 0.02)
    biases[2] = .infinity
    let infinite = model.with(matrices: [model.matrices[0].with(biases: biases)])
    #expect(model.largestOutputDifference(from: infinite) == .infinity)
  }
}
