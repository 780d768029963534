import BBBNetwork
import CBBBKernels
import Foundation
import NetworkReference
import TestSupport
import Testing

@testable import BBBInference

/// Moments of networks of all operations: against the formulas in Double, and these against drawn numbers.
@Suite struct GraphMomentTests {
  /// Activations without a kink, whose integrals over the kernels' nodes are exact.
  static let smooth: [Activation] = [
    .none, .relu, .elu, .gelu, .geluTanh, .silu, .tanh, .sigmoid, .softplus,
  ]

  private func inputs(_ count: Int, _ network: Network, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count * network.inputCount).map { _ in Float.random(in: -1...1, using: &generator) }
  }

  @Test(arguments: 0..<150 as Range<UInt64>)
  func `every network passes them as its operations do`(seed: UInt64) throws {
    let graph = RandomGraph(
      seed: seed, hasDeviations: true, activations: Self.smooth, hasMoments: true)
    guard graph.network.momentObstacle == nil else { return }
    let (width, count) = (graph.network.inputCount, graph.network.outputCount)
    let inputs = inputs(2, graph.network, seed: seed + 1)
    let moments = try graph.model.predictOutputMoments(for: inputs)
    for example in 0..<2 {
      let expected = try ReferenceMoments.output(
        of: graph.model, for: inputs[example * width..<(example + 1) * width].map(Double.init))
      let scale = expected.means.reduce(1) { max($0, abs($1)) }
      for output in 0..<count {
        let index = example * count + output
        #expect(
          abs(Double(moments.means[index]) - expected.means[output]) < 1e-4 * scale,
          "seed \(seed): \(graph.network.textInOneLine)")
        #expect(
          abs(Double(moments.variances[index]) - expected.variances[output])
            < 2e-3 * expected.variances[output] + 1e-5 * scale * scale,
          "seed \(seed): \(graph.network.textInOneLine)")
      }
    }
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `no batch or thread changes a bit of them`(seed: UInt64) throws {
    let graph = RandomGraph(seed: seed, hasDeviations: true, hasMoments: true)
    guard graph.network.momentObstacle == nil else { return }
    let (width, count) = (graph.network.inputCount, graph.network.outputCount)
    let inputs = inputs(70, graph.network, seed: seed)
    let all = try graph.model.predictOutputMoments(for: inputs, threadCount: 2)
    for examples in [1, 3, 16, 33] {
      let part = try graph.model.predictOutputMoments(for: Array(inputs[..<(examples * width)]))
      #expect(part.means == Array(all.means[..<(examples * count)]), "seed \(seed)")
      #expect(part.variances == Array(all.variances[..<(examples * count)]), "seed \(seed)")
    }
  }

  /// Of a convolution of certain inputs every sum is Gaussian, so that nothing is approximated.
  @Test(
    arguments: Activation.allCases.filter { !$0.jumps && $0 != .logarithm && $0 != .squareRoot })
  func `a convolution's, and what follows it, are those of drawn networks`(
    activation: Activation
  ) throws {
    var generator = SeededGenerator(seed: 9)
    let name = activation == .none ? "identity" : activation.rawValue
    let network = try Network(
      text: "input 2 4 5; c = convolution 3 2x3 pad 1:0x1 stride 2x1; \(name)")
    let graph = RandomGraph(network, hasDeviations: true, using: &generator)
    let input = inputs(1, network, seed: 4)
    let moments = try graph.model.predictOutputMoments(for: input)
    let matrix = graph.model.matrices[0]
    let deviations = try #require(matrix.standardDeviations)
    let (drawCount, outputCount) = (5_000, network.outputCount)
    var sums = [Double](repeating: 0, count: outputCount)
    var squares = sums
    var normals = NormalNumbers(generator)
    func drawn(_ mean: Float, _ deviation: Float) -> Float {
      Float(Double(mean) + Double(deviation) * normals.next())
    }
    for _ in 0..<drawCount {
      let draw = graph.model.with(matrices: [
        SparseMatrix(
          matrix.pattern, values: zip(matrix.values, deviations.weights).map(drawn),
          biases: zip(matrix.biases, deviations.biases).map(drawn))
      ])
      let output = ReferenceNetwork(draw).output(for: input.map(Double.init))
      for (index, value) in output.enumerated() {
        sums[index] += value
        squares[index] += value * value
      }
    }
    for index in 0..<outputCount {
      let mean = sums[index] / Double(drawCount)
      let variance = squares[index] / Double(drawCount) - mean * mean
      let error = (variance / Double(drawCount)).squareRoot()
      #expect(abs(Double(moments.means[index]) - mean) < 5 * error + 1e-5)
      #expect(abs(Double(moments.variances[index]) - variance) < 0.2 * variance + 5e-5)
    }
  }

  @Test func `the formulas of a maximum are those of drawn numbers`() {
    var normals = NormalNumbers(SeededGenerator(seed: 12))
    for (one, other) in [((0.0, 1.0), (0.5, 2.0)), ((3, 0.2), (-1, 4)), ((1, 0.5), (1, 0.5))] {
      var (sum, squares) = (0.0, 0.0)
      let count = 200_000
      for _ in 0..<count {
        let largest = max(
          one.0 + one.1.squareRoot() * normals.next(),
          other.0 + other.1.squareRoot() * normals.next())
        sum += largest
        squares += largest * largest
      }
      let mean = sum / Double(count)
      let variance = squares / Double(count) - mean * mean
      let expected = ReferenceMoments.maximum(one, other)
      #expect(abs(expected.0 - mean) < 5 * (variance / Double(count)).squareRoot())
      #expect(abs(expected.1 / variance - 1) < 0.02)
    }
  }

  @Test(
    arguments: [
      ("softmax axis 0", "softmax"), ("normalise axis 0", "normalise"),
      ("reshape 2 2; product reshape2 reshape2", "product"),
    ])
  func `what has no rule for moments is named, and draws are the remedy`(
    lines: String, word: String
  ) throws {
    var generator = SeededGenerator(seed: 2)
    let network = try Network(text: "input 3; a = linear 4; \(lines)")
    let model = RandomGraph(network, hasDeviations: true, using: &generator).model
    let error = #expect(throws: CompactModelError.self) {
      try model.outputDistribution(for: [1, 2, 3] as [Float], by: .momentPropagation)
    }
    #expect(error?.code == .withoutMoments)
    #expect(
      error?.message.hasSuffix(
        "is a \(word), for whose means and variances there is no rule; predict by .monteCarlo")
        == true, "\(error?.message ?? "")")
    _ = try model.outputDistribution(
      for: [1, 2, 3] as [Float], by: .monteCarlo(sampleCount: 3, seed: 1))
  }

  /// Operands of certain inputs are Gaussian and independent.
  @Test(arguments: [Arithmetic.add, .subtract, .multiply, .minimum, .maximum])
  func `arithmetic's are those of drawn networks`(arithmetic: Arithmetic) throws {
    var generator = SeededGenerator(seed: 19)
    let network = try Network(
      text: "input 3; a = linear 4; b = linear 1 from input; o = \(arithmetic.rawValue) a b")
    let model = RandomGraph(network, hasDeviations: true, using: &generator).model
    let input = inputs(1, network, seed: 5)
    let moments = try model.predictOutputMoments(for: input)
    let drawCount = 4_000
    var (sums, squares) = ([0.0, 0, 0, 0], [0.0, 0, 0, 0])
    for draw in 0..<drawCount {
      let output = try model.draw(draw, seed: 3).predictOutputs(for: input)
      for (index, value) in output.enumerated() {
        sums[index] += Double(value)
        squares[index] += Double(value) * Double(value)
      }
    }
    for index in sums.indices {
      let mean = sums[index] / Double(drawCount)
      let variance = squares[index] / Double(drawCount) - mean * mean
      let error = (variance / Double(drawCount)).squareRoot()
      #expect(abs(Double(moments.means[index]) - mean) < 5 * error + 1e-5)
      #expect(abs(Double(moments.variances[index]) - variance) < 0.15 * variance + 1e-5)
    }
  }

  @Test(arguments: ["divide", "power", "equal", "less", "select"])
  func `a network that divides, raises to powers or decides has none, and says so`(
    word: String
  ) throws {
    var generator = SeededGenerator(seed: 19)
    let network = try Network(text: "input 3; a = linear 2; b = softplus; q = \(word) b a")
    let model = RandomGraph(network, hasDeviations: true, using: &generator).model
    let error = #expect(throws: CompactModelError.self) {
      try model.predictOutputMoments(for: [1, 2, 3] as [Float])
    }
    #expect(error?.code == .withoutMoments)
    #expect(error?.message.hasPrefix("'q' is a \(word), for whose means and variances") == true)
    _ = try model.outputDistribution(
      for: [1, 2, 3] as [Float], by: .monteCarlo(sampleCount: 2, seed: 0))
  }

  @Test func `weights that several nodes use have no rule, but draws`() throws {
    var generator = SeededGenerator(seed: 2)
    let network = try Network(text: "input 3; a = linear 3; relu; b = linear 3 sharing a")
    let model = RandomGraph(network, hasDeviations: true, using: &generator).model
    let error = #expect(throws: CompactModelError.self) {
      try model.predictOutputMoments(for: [1, 2, 3] as [Float])
    }
    #expect(error?.code == .withoutMoments)
    #expect(error?.message.hasPrefix("'b' uses the weights of 'a', and") == true)
    let input: [Float] = [0.5, 1, -1]
    let draw = model.draw(0, seed: 4)
    #expect(draw.matrices.count == 1)
    let expected = ReferenceNetwork(draw).output(for: input.map(Double.init))
    for (found, expected) in zip(try draw.predictOutputs(for: input), expected) {
      #expect(abs(Double(found) - expected) < 1e-5)
    }
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `a drawn network computes what its operations say`(seed: UInt64) throws {
    let graph = RandomGraph(seed: seed, hasDeviations: true)
    let input = inputs(1, graph.network, seed: seed)
    let draw = graph.model.draw(3, seed: seed)
    let expected = ReferenceNetwork(draw).output(for: input.map(Double.init))
    let scale = expected.reduce(1) { max($0, abs($1)) }
    for (actual, expected) in zip(try draw.predictOutputs(for: input), expected) {
      #expect(abs(Double(actual) - expected) < 2e-5 * scale, "seed \(seed)")
    }
  }
}

/// Draws from the standard normal distribution (Box and Muller 1958).
struct NormalNumbers {
  private var generator: SeededGenerator

  init(_ generator: SeededGenerator) { self.generator = generator }

  mutating func next() -> Double {
    let radius = (-2 * log(Double.random(in: 0..<1, using: &generator).nextUp)).squareRoot()
    return radius * cos(2 * Double.pi * Double.random(in: 0..<1, using: &generator))
  }
}
