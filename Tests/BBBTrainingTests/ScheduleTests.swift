import Foundation
import Testing

@testable import BBBTraining

/// What changes during training by a formula.
struct ScheduleTests {
  @Test(arguments: MinibatchWeighting.allCases, [1, 2, 10, 469, 5000])
  func `the shares of the complexity cost sum to 1`(weighting: MinibatchWeighting, count: Int) {
    let shares = (0..<count).map { weighting.weight(ofMinibatch: $0, of: count) }
    #expect(shares.allSatisfy { $0.isFinite && $0 >= 0 })
    #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
  }

  @Test(arguments: [1, 2, 10, 469, 5000])
  func `geometric shares halve from one minibatch to the next`(count: Int) {
    let shares = (0..<count).map { MinibatchWeighting.geometric.weight(ofMinibatch: $0, of: count) }
    for (share, next) in zip(shares, shares.dropFirst()).prefix(1000) { #expect(share == 2 * next) }
    // Blundell et al. 2015, equation 9, where 2^M is a number.
    guard count < 1000 else { return }
    for (index, share) in shares.enumerated() {
      let expected = pow(2, Double(count - index - 1)) / (pow(2, Double(count)) - 1)
      #expect(abs(share - expected) <= 1e-15 * expected)
    }
  }

  @Test func `uniform shares are equal`() {
    #expect(
      (0..<8).allSatisfy { MinibatchWeighting.uniform.weight(ofMinibatch: $0, of: 8) == 0.125 })
  }

  @Test func `schedules follow their closed forms`() {
    for step in 0..<100 {
      let (progress, epoch) = (Double(step) / 100, step / 10)
      #expect(LearningRateSchedule.constant.factor(progress: progress, epoch: epoch) == 1)
      let steps = LearningRateSchedule.step(epochs: 3, factor: 0.5)
      #expect(
        steps.factor(progress: progress, epoch: epoch) == [1, 0.5, 0.25, 0.125][epoch / 3])
      let cosine = LearningRateSchedule.cosine.factor(progress: progress, epoch: epoch)
      let half = cos(.pi * progress / 2)
      #expect(abs(cosine - half * half) < 1e-15)
    }
    #expect(LearningRateSchedule.cosine.factor(progress: 0, epoch: 0) == 1)
  }

  @Test func `a run's learning rate falls from its start over the whole run`() throws {
    var configuration = TrainingConfiguration(
      network: .layers(2, 2), learningRate: 0.2, schedule: .cosine, epochs: 4, minibatchSize: 3)
    let examples = try Problems.classes(6, inputCount: 2, classCount: 2)
    let cosine = try Trainer(configuration, examples: examples)
    #expect(cosine.stepsPerEpoch == 2)
    #expect(cosine.totalSteps == 8)
    #expect(cosine.learningRate(step: 0) == 0.2)
    #expect(abs(cosine.learningRate(step: 4) - 0.1) < 1e-15)
    configuration.schedule = .step(epochs: 2, factor: 0.1)
    let steps = try Trainer(configuration, examples: examples)
    let rates = (0..<8).map { steps.learningRate(step: $0) }
    #expect(rates == [0.2, 0.2, 0.2, 0.2, 0.2 * 0.1, 0.2 * 0.1, 0.2 * 0.1, 0.2 * 0.1])
    // The rate is that of the kernels' steps, and of the reports.
    while !steps.isFinished { _ = try steps.step() }
    #expect(steps.history.map(\.learningRate) == [0.2, 0.2, 0.2 * 0.1, 0.2 * 0.1])
    #expect(steps.history.map(\.epoch) == [1, 2, 3, 4])
  }
}
