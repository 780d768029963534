import BBBInference
import Foundation
import TestSupport
import Testing

@testable import BBBPruning

@Suite struct SyntheticInputsTests {
  private static let (inputCount, outputCount) = (6, 9)

  private struct Case {
    var layer: DenseLayer
    var deviations: [Float]
  }

  private func example() -> Case {
    var generator = SeededGenerator(seed: 320)
    let count = Self.inputCount * Self.outputCount
    return Case(
      layer: DenseLayer(
        inputCount: Self.inputCount, outputCount: Self.outputCount, layout: .outputInput,
        weights: (0..<count).map { _ in Float.random(in: -1...1, using: &generator) },
        biases: (0..<Self.outputCount).map { _ in Float.random(in: -2...2, using: &generator) },
        hasBias: true, activation: .relu),
      deviations: (0..<count).map { _ in Float.random(in: 0.05...0.5, using: &generator) })
  }

  /// W x + b for each example, one after the other.
  private func sums(_ example: Case, _ inputs: ComparisonInputs) throws -> [Float] {
    let model = CompactModel(
      network: .multilayerPerceptron(
        [example.layer.inputCount, Self.outputCount], activation: .none),
      matrices: [
        DeadUnits.remove(from: [KeptConnections(example.layer, mask: nil)])[0].matrix(
          weights: example.layer.weights, biases: example.layer.biases)
      ], output: .numbers(noiseDeviation: nil), inputScaling: .identity,
      origin: CompactModel.Origin(
        denseWeightCount: example.layer.weights.count, denseBiasCount: Self.outputCount,
        removedCount: 0, criterion: "snr"))
    return inputs.outputs(of: model)
  }

  private func made(_ example: Case) -> [ComparisonInputs] {
    SyntheticInputs(example.layer, deviations: example.deviations).make(exampleCount: 500)
  }

  /// The same network for inputs in other units: x' = a x + d.
  private func inOtherUnits(_ example: Case, _ factors: [Float], _ shifts: [Float]) -> Case {
    var other = example
    for position in example.layer.weights.indices {
      let (input, output) = (
        example.layer.input(at: position), example.layer.output(at: position)
      )
      other.layer.weights[position] /= factors[input]
      other.deviations[position] /= factors[input]
      other.layer.biases[output] -= other.layer.weights[position] * shifts[input]
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
    example.layer.biases = .init(repeating: 0, count: Self.outputCount)
    let sums = try sums(example, made(example)[0])
    let square = sums.reduce(0) { $0 + $1 * $1 } / Float(sums.count)
    #expect(abs(square - 1) < 0.1)
  }

  @Test func `the shape in which a file has the weights does not matter`() throws {
    let example = example()
    var other = example
    other.layer.layout = .inputOutput
    for output in 0..<Self.outputCount {
      for input in 0..<Self.inputCount {
        let (from, to) = (
          example.layer.position(from: input, to: output),
          other.layer.position(from: input, to: output)
        )
        other.layer.weights[to] = example.layer.weights[from]
        other.deviations[to] = example.deviations[from]
      }
    }
    for (inputs, others) in zip(made(example), made(other)) {
      #expect(try sums(example, inputs) == sums(other, others))
    }
  }
}
