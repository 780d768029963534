import BBBInference
import BBBNetwork
import Foundation
import TestSupport
import Testing

@testable import BBBPruning

@Suite struct SyntheticInputsTests {
  private static let (inputCount, outputCount) = (6, 9)

  private struct Case {
    var network: Network
    var matrix: DenseMatrix

    var dense: DenseNetwork { DenseNetwork(network, [matrix]) }
  }

  private func example() -> Case {
    var generator = SeededGenerator(seed: 320)
    return example(
      .multilayerPerceptron([Self.inputCount, Self.outputCount], activation: .none), &generator)
  }

  private func example(_ network: Network, _ generator: inout SeededGenerator) -> Case {
    let shape = network.parameters[0].weights
    return Case(
      network: network,
      matrix: DenseMatrix(
        shape: shape,
        weights: (0..<shape.count).map { _ in Float.random(in: -1...1, using: &generator) },
        biases: (0..<shape.rows).map { _ in Float.random(in: -2...2, using: &generator) },
        deviations: (0..<shape.count).map { _ in Float.random(in: 0.05...0.5, using: &generator) }))
  }

  /// W x + b for each example, one after the other.
  private func sums(_ example: Case, _ inputs: ComparisonInputs) throws -> [Float] {
    let pruning = Pruning(
      criterion: .signalToNoiseRatio, segments: [], keeps: [], removedCount: 0, threshold: nil)
    return inputs.outputs(of: LiveNetwork(example.dense, pruning).model([example.matrix]))
  }

  private func made(_ example: Case) -> [ComparisonInputs] {
    SyntheticInputs(for: example.dense).make(exampleCount: 500)
  }

  /// The same network for inputs in other units: x' = a x + d.
  private func inOtherUnits(_ example: Case, _ factors: [Float], _ shifts: [Float]) -> Case {
    var other = example
    for position in example.matrix.weights.indices {
      let (output, column) = example.matrix.shape.place(at: position)
      let input = column / example.matrix.shape.taps
      other.matrix.weights[position] /= factors[input]
      other.matrix.deviations?[position] /= factors[input]
      other.matrix.biases[output] -= other.matrix.weights[position] * shifts[input]
    }
    return other
  }

  @Test func `the units of inputs do not matter`() throws {
    let example = example()
    let scaled = inOtherUnits(
      example, [1000, 0.001, 3, 1, 20, 0.5], .init(repeating: 0, count: Self.inputCount))
    for (inputs, others) in zip(made(example), made(scaled)) {
      let (expected, sums) = (try sums(example, inputs), try sums(scaled, others))
      #expect(zip(expected, sums).allSatisfy { abs($0 - $1) < 2e-3 })
    }
  }

  @Test func `nor does where zero is`() throws {
    let example = example()
    let shifted = inOtherUnits(
      example, .init(repeating: 1, count: Self.inputCount), [50, -80, 20, 0, 100, -10])
    for (inputs, others) in zip(made(example), made(shifted)) {
      let (expected, sums) = (try sums(example, inputs), try sums(shifted, others))
      // The damping of the centre is relative to its size.
      #expect(zip(expected, sums).allSatisfy { abs($0 - $1) < 0.2 })
    }
  }

  @Test func `sums of a unit have a mean square of one around the centre`() throws {
    var example = example()
    example.matrix.biases = .init(repeating: 0, count: Self.outputCount)
    let sums = try sums(example, made(example)[0])
    let square = sums.reduce(0) { $0 + $1 * $1 } / Float(sums.count)
    #expect(abs(square - 1) < 0.1)
  }

  @Test func `the shape in which a file has the weights does not matter`() throws {
    let example = example()
    var other = example
    other.matrix.shape.order = .inputOutput
    for output in 0..<Self.outputCount {
      for input in 0..<Self.inputCount {
        let (from, to) = (
          example.matrix.shape.position(row: output, column: input),
          other.matrix.shape.position(row: output, column: input)
        )
        other.matrix.weights[to] = example.matrix.weights[from]
        other.matrix.deviations?[to] = example.matrix.deviations?[from] ?? 0
      }
    }
    for (inputs, others) in zip(made(example), made(other)) {
      #expect(try sums(example, inputs) == sums(other, others))
    }
  }

  @Test func `of a convolution, neither the units nor the zeros of its channels matter`() throws {
    var generator = SeededGenerator(seed: 321)
    let example = example(
      try Network(text: "input 3 9 7; c = convolution 5 3x3 stride 2"), &generator)
    let scaled = inOtherUnits(example, [1000, 0.01, 3], [0, 0, 0])
    let shifted = inOtherUnits(example, [1, 1, 1], [5, -8, 2])
    for (other, tolerance) in [(scaled, 2e-3), (shifted, 0.2)] as [(Case, Float)] {
      for (inputs, others) in zip(made(example), made(other)) {
        let (expected, sums) = (try sums(example, inputs), try sums(other, others))
        #expect(zip(expected, sums).allSatisfy { abs($0 - $1) < tolerance })
      }
    }
  }
}
