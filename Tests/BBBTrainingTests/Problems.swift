import BBBDatasets
import BBBNetwork
import CBBBKernels
import TestSupport

@testable import BBBTraining

/// Small things to learn, for tests.
enum Problems {
  /// Examples with `inputCount` random inputs, some of them 0, and random classes.
  static func classes(
    _ count: Int, inputCount: Int, classCount: Int, seed: UInt64 = 1
  ) throws -> TrainingExamples {
    var generator = SeededGenerator(seed: seed)
    let inputs = inputs(count * inputCount, using: &generator)
    let labels = (0..<count).map { _ in Int.random(in: 0..<classCount, using: &generator) }
    return try TrainingExamples(
      Dataset(name: "random", inputs: .floats(inputs), exampleShape: [inputCount], labels: labels))
  }

  /// The inputs of other examples, with classes of their own.
  static func classes(
    _ labels: [Int], inputsOf examples: TrainingExamples
  ) throws -> TrainingExamples {
    try TrainingExamples(
      Dataset(
        name: "relabelled", inputs: examples.inputs, exampleShape: [examples.inputCount],
        labels: labels))
  }

  /// Examples with random inputs and random targets.
  static func numbers(
    _ count: Int, inputCount: Int, targetCount: Int, seed: UInt64 = 1
  ) throws -> TrainingExamples {
    var generator = SeededGenerator(seed: seed)
    let inputs = inputs(count * inputCount, using: &generator)
    let targets = (0..<count * targetCount).map { _ in Float.random(in: -1...1, using: &generator) }
    return try TrainingExamples(
      inputs: inputs, inputCount: inputCount, targets: targets, targetCount: targetCount)
  }

  private static func inputs(_ count: Int, using generator: inout SeededGenerator) -> [Float] {
    (0..<count).map { _ in max(-0.5, Float.random(in: -1...1, using: &generator)) }
  }
}

extension Network {
  /// Fully connected layers with rectifiers between them.
  static func layers(_ sizes: Int...) -> Network {
    .multilayerPerceptron(sizes, activation: .relu)
  }
}

extension Trainer {
  /// The parameters, tensor by tensor.
  var parameters: NetworkParameters {
    NetworkParameters(
      means: network.tensors.map { $0.mean.values.map(Double.init) },
      rhos: network.tensors.map { ($0.rho?.values ?? []).map(Double.init) })
  }

  /// Puts other parameters in their place, with the first draw of the step that comes next.
  func setParameters(_ parameters: NetworkParameters) {
    for (tensor, means) in zip(network.tensors, parameters.means) {
      tensor.mean.values = means.map(Float.init)
    }
    for (tensor, rhos) in zip(network.tensors, parameters.rhos) where !rhos.isEmpty {
      tensor.rho?.values = rhos.map(Float.init)
    }
    network.refreshVariances()
    network.drawWeights(step: stepCount)
  }

  /// Takes so many steps.
  func take(_ steps: Int) throws {
    for _ in 0..<steps { _ = try step() }
  }
}

/// Every μ and ρ of a network, tensor by tensor: weight, bias, weight, bias and so on; biases where there are any.
struct NetworkParameters: Equatable {
  var means: [[Double]]
  var rhos: [[Double]]

  /// Biases that are not zero, as they are at the start, and ρ that differ, so that no gradient vanishes by chance.
  func varied(seed: UInt64, rho: ClosedRange<Double> = -2...(-0.5)) -> Self {
    var generator = SeededGenerator(seed: seed)
    var result = self
    for tensor in means.indices {
      for index in means[tensor].indices where means[tensor].allSatisfy({ $0 == 0 }) {
        result.means[tensor][index] = Double(Float.random(in: -0.3...0.3, using: &generator))
      }
      for index in rhos[tensor].indices {
        result.rhos[tensor][index] = Double(
          Float(Double.random(in: rho, using: &generator)))
      }
    }
    return result
  }
}
