import BBBKernels
import BBBNetwork
import NetworkReference
import TestSupport
import Testing

@testable import BBBConditioning

@Suite("Values and gradients of a network")
struct NetworkPassTests {
  /// A network with weights, and examples.
  struct Sample {
    let network: Network
    let plan: PassPlan
    let weights: [LayerWeights]
    let reference: ReferenceNetwork
    let inputs: [[Double]]
    let pass: NetworkPass

    init(_ network: Network, seed: UInt64, threadCount: Int = 2) {
      var generator = SeededGenerator(seed: seed)
      self.network = network
      let numbers = RandomNetworks.weights(for: network, using: &generator)
      plan = PassPlan(network)
      reference = ReferenceNetwork(network, numbers)
      weights = zip(network.parameters, numbers).map { parameter, numbers in
        let shape = parameter.weights
        let tensor = (0..<shape.count).map { position in
          let (row, column) = shape.place(at: position)
          return Float(numbers.weights[row * shape.columnCount + column])
        }
        return LayerWeights(tensor, biases: numbers.biases.map(Float.init), shape)
      }
      inputs = (0..<3).map { _ in
        (0..<network.inputCount).map { _ in
          Double(Float.random(in: -1...1, using: &generator))
        }
      }
      pass = NetworkPass(plan, width: inputs.count, threadCount: threadCount)
      pass.setInput(inputs.joined().map(Float.init))
      for node in network.nodes.indices { pass.run(node, weights) }
    }
  }

  @Test("are the reference's, whatever the network", arguments: 0..<150)
  func forward(seed: UInt64) {
    var generator = SeededGenerator(seed: 1000 + seed)
    let sample = Sample(RandomNetworks.make(using: &generator), seed: seed)
    for (example, input) in sample.inputs.enumerated() {
      for (index, expected) in sample.reference.values(for: input).enumerated() {
        let value = sample.pass.value(index)
        let scale = 1 + (expected.map(\.magnitude).max() ?? 0)
        for (element, number) in expected.enumerated() where number.isFinite {
          let found = Double(value.start[element * 3 + example])
          #expect(
            abs(found - number) <= 2e-4 * scale, "seed \(seed), value \(index), \(sample.network)")
        }
      }
    }
  }

  @Test("with respect to what matrices give are finite differences", arguments: 0..<100)
  func backward(seed: UInt64) {
    var generator = SeededGenerator(seed: 2000 + seed)
    let smooth = Activation.allCases.filter { !$0.jumps && $0 != .logarithm && $0 != .squareRoot }
    let network = RandomNetworks.make(using: &generator, activations: smooth)
    let sample = Sample(network, seed: seed)
    let count = network.outputCount
    let directions = (0..<count).map { _ in Double.random(in: -1...1, using: &generator) }
    let seedGradient = sample.pass.makeValue(network.output.index)
    for element in 0..<count {
      for example in 0..<3 {
        seedGradient.start[element * 3 + example] = Float(directions[element])
      }
    }
    var gradients: [Int: [Float]] = [:]
    sample.pass.backward(from: seedGradient, sample.weights) { node, gradient in
      gradients[node] = gradient.values
    }
    func loss(_ input: [Double], _ node: Int, _ element: Int, _ step: Double) -> Double {
      let values = sample.reference.values(for: input) { number, _, value in
        guard number == node else { return value }
        var value = value
        value[element] += step
        return value
      }
      return zip(values[network.output.index], directions).reduce(0) { $0 + $1.0 * $1.1 }
    }
    for (node, gradient) in gradients {
      let elements = gradient.count / 3
      for element in stride(from: 0, to: elements, by: max(1, elements / 4)) {
        let input = sample.inputs[0]
        let step = 1e-6
        let slopes = [step, -step].map {
          (loss(input, node, element, $0) - loss(input, node, element, 0)) / $0
        }
        // Where the function has a corner, there is no one answer.
        guard abs(slopes[0] - slopes[1]) <= 1e-3 * (1 + abs(slopes[0])) else { continue }
        let expected = (slopes[0] + slopes[1]) / 2
        #expect(
          abs(Double(gradient[element * 3]) - expected) <= 3e-3 * (1 + abs(expected)),
          "seed \(seed), node \(node), element \(element), \(network)")
      }
    }
  }

  @Test("are the same bits for any number of threads")
  func threads() throws {
    let network = try Network(
      text: "input 3 9 9; a = convolution 8 3x3 pad 1; relu; max-pool 2x2; flatten; b = linear 5")
    let one = Sample(network, seed: 3, threadCount: 1)
    let two = Sample(network, seed: 3, threadCount: 2)
    for index in network.shapes.indices {
      #expect(one.pass.value(index).values == two.pass.value(index).values)
    }
  }
}
