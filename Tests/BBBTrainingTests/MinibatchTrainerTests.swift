import BBBKernels
import BBBTensors
import Foundation
import TestSupport
import Testing

@testable import BBBTraining

/// Steps on minibatches that the caller puts together.
struct MinibatchTrainerTests {
  static let methods: [TrainingConfiguration.Method] = [
    .bayesByBackprop(.init(prior: .gaussian(deviation: 1))),
    .bayesByBackprop(.init(estimator: .weightDraws(3))),
    .bayesByBackprop(.init(estimator: .localReparametrisation)),
    .pointEstimate(.init()),
  ]

  @Test(arguments: methods)
  func `an epoch's steps are steps on its minibatches`(method: TrainingConfiguration.Method) throws
  {
    let examples = try Problems.numbers(32, inputCount: 5, targetCount: 2)
    let configuration = TrainingConfiguration(
      network: .layers(5, 7, 2), method: method, likelihood: .gaussian(deviation: 0.5),
      inputScale: 1,
      learningRate: 0.01, schedule: .constant, epochs: 1, minibatchSize: 8, seed: 3)
    let trainer = try Trainer(configuration, examples: examples)
    while !trainer.isFinished { _ = try trainer.step() }

    let steps = try MinibatchTrainer(configuration)
    guard case .floats(let inputs) = examples.inputs,
      case .numbers(let targets, _) = examples.targets
    else {
      Issue.record("the examples are of another form")
      return
    }
    let order = Permutation.make(
      count: 32, key: NoiseStream.order.key(seed: configuration.seed, step: 0))
    for minibatch in 0..<4 {
      for row in 0..<8 {
        let example = Int(order[minibatch * 8 + row])
        for i in 0..<5 { steps.inputs[row * 5 + i] = inputs[example * 5 + i] }
        for i in 0..<2 { steps.targets[row * 2 + i] = targets[example * 2 + i] }
      }
      try steps.step(rows: 8, learningRate: 0.01, complexityShare: 0.25)
    }
    #expect(steps.checksum == trainer.minibatches.checksum)
    #expect(steps.stepCount == trainer.stepCount)
  }

  /// A network without hidden layers is linear: its outputs are normal, with mean Σ μ x and variance
  /// Σ σ² x².
  @Test func `predictions are draws from the posterior`() throws {
    let inputs: [Float] = [0.5, -2, 1.5]
    let configuration = TrainingConfiguration(
      network: .layers(3, 1), method: .bayesByBackprop(.init(initialRho: -1)),
      likelihood: .gaussian(deviation: 1), inputScale: 1, minibatchSize: 4, seed: 5)
    let trainer = try MinibatchTrainer(configuration)
    let mean = Double(trainer.predict(inputs, weights: .means)[0])
    let draws = (0..<4000).map { Double(trainer.predict(inputs, weights: .draw($0))[0]) }
    let average = draws.reduce(0, +) / 4000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
    let deviation = log(1 + exp(-1.0))
    let expected = deviation * deviation * (0.25 + 4 + 2.25 + 1)
    #expect(abs(average - mean) < 5 * (expected / 4000).squareRoot())
    // The variance of a variance is 2 σ⁴ / n.
    #expect(abs(variance - expected) < 5 * expected * (2.0 / 4000).squareRoot())
    #expect(trainer.predict(inputs, weights: .draw(7)) == [Float(draws[7])])
  }

  @Test func `predictions come in any number, and do not disturb the training`() throws {
    let configuration = TrainingConfiguration(
      network: .layers(2, 6, 1), likelihood: .gaussian(deviation: 1), inputScale: 1,
      minibatchSize: 4,
      seed: 9)
    var checksums: [UInt32] = []
    for isAsked in [false, true] {
      let trainer = try MinibatchTrainer(configuration)
      for _ in 0..<3 {
        if isAsked {
          let inputs = (0..<22).map { Float($0) / 10 }
          let all = trainer.predict(inputs, weights: .draw(0))
          #expect(all.count == 11)
          // Rounding may depend on the number of rows.
          let some = trainer.predict(Array(inputs[8..<12]), weights: .draw(0))
          #expect(abs(all[4] - some[0]) < 1e-5 && abs(all[5] - some[1]) < 1e-5)
        }
        for i in 0..<8 { trainer.inputs[i] = Float(i) }
        for i in 0..<4 { trainer.targets[i] = 1 }
        try trainer.step(rows: 4, learningRate: 0.01, complexityShare: 0.1)
      }
      checksums.append(trainer.checksum)
    }
    #expect(checksums[0] == checksums[1])
  }

  @Test func `a run that diverges names its step and its layer`() throws {
    let configuration = TrainingConfiguration(
      network: .layers(1, 1), method: .pointEstimate(.init()), likelihood: .gaussian(deviation: 1),
      inputScale: 1, minibatchSize: 1)
    let trainer = try MinibatchTrainer(configuration)
    trainer.inputs[0] = .infinity
    trainer.targets[0] = 1
    let error = try #require(throws: TrainingError.self) {
      try trainer.step(rows: 1, learningRate: 0.1, complexityShare: 0)
    }
    #expect(error.code == .diverged)
    #expect("\(error)".contains("at step 1, first in layer fc1"), "\(error)")
  }
}
