import CBBBKernels
import Foundation
import Testing

@testable import BBBTraining

/// What an epoch's report says, of a run whose parameters hardly move.
struct EpochReportTests {
  private func configuration(
    _ method: TrainingConfiguration.Method, likelihood: Likelihood = .categorical
  ) -> TrainingConfiguration {
    TrainingConfiguration(
      network: .layers(5, 4, 3), method: method, likelihood: likelihood,
      optimizer: .gradientDescent,
      learningRate: 1e-30, schedule: .constant, epochs: 2, minibatchSize: 4)
  }

  /// The likelihood cost of all examples in Double.
  private func likelihoodCost(_ trainer: Trainer, _ examples: TrainingExamples) -> Double {
    var configuration = trainer.configuration
    configuration.method = .pointEstimate(.init())
    let energy = FreeEnergy(
      configuration: configuration, examples: examples, rows: Array(0..<examples.count), step: 0,
      complexityShare: 0)
    return energy(trainer.parameters)
  }

  private func report(_ trainer: Trainer) throws -> EpochReport {
    while trainer.history.isEmpty { _ = try trainer.step() }
    return trainer.history[0]
  }

  @Test func `costs are the averages over all examples, also in a small last minibatch`() throws {
    let examples = try Problems.classes(11, inputCount: 5, classCount: 3)
    let trainer = try Trainer(
      configuration(.pointEstimate(.init())), examples: examples, validation: examples)
    let report = try report(trainer)
    let expected = likelihoodCost(trainer, examples)
    #expect(abs(report.likelihoodCost - expected) < 1e-6)
    #expect(abs(try #require(report.validationCost) - expected) < 1e-6)
    #expect(report.trainingError == report.validationError)
    #expect(report.complexityCost == 0)
    #expect(report.epoch == 1)
  }

  @Test func `errors are the shares of examples whose best class is another`() throws {
    // The classes of all examples are what this network says, but for three of them.
    let configuration = configuration(.pointEstimate(.init()))
    let random = try Problems.classes(10, inputCount: 5, classCount: 3)
    let costs = try (0..<3).map { label in
      try (0..<10).map { example in
        try costOfClass(label, example: example, of: random, configuration)
      }
    }
    let answers = (0..<10).map { example in
      (0..<3).min { costs[$0][example] < costs[$1][example] } ?? 0
    }
    let labels = answers.enumerated().map { $0.offset < 3 ? ($0.element + 1) % 3 : $0.element }
    let examples = try Problems.classes(labels, inputsOf: random)
    let report = try report(
      Trainer(configuration, examples: examples, validation: examples))
    #expect(report.trainingError == 0.3)
    #expect(report.validationError == 0.3)
    #expect(report.validationRootMeanSquareError == nil)
  }

  private func costOfClass(
    _ label: Int, example: Int, of examples: TrainingExamples,
    _ configuration: TrainingConfiguration
  ) throws -> Double {
    let labels = [Int](repeating: label, count: examples.count)
    let relabelled = try Problems.classes(labels, inputsOf: examples)
    let trainer = try Trainer(configuration, examples: relabelled)
    return FreeEnergy(
      configuration: configuration, examples: relabelled, rows: [example], step: 0,
      complexityShare: 0)(trainer.parameters)
  }

  @Test(arguments: [BayesByBackprop.Estimator.weightDraws(3), .localReparametrisation])
  func `the complexity cost is the divergence from the prior`(
    estimator: BayesByBackprop.Estimator
  ) throws {
    let examples = try Problems.numbers(10, inputCount: 5, targetCount: 3)
    let bayes = BayesByBackprop(prior: .closedFormGaussian(deviation: 0.5), estimator: estimator)
    let trainer = try Trainer(
      configuration(.bayesByBackprop(bayes), likelihood: .gaussian(deviation: 0.7)),
      examples: examples, validation: examples)
    trainer.setParameters(trainer.parameters.varied(seed: 2, rho: -9...(-8)))
    let report = try report(trainer)
    var divergence = 0.0
    for (mean, rho) in zip(
      trainer.parameters.means.joined(), trainer.parameters.rhos.joined())
    {
      let variance = softplus(rho) * softplus(rho)
      divergence += (variance / 0.25 - 1 - log(variance / 0.25) + mean * mean / 0.25) / 2
    }
    #expect(abs(report.complexityCost - divergence) < 1e-5 * divergence)
    // The posterior is narrow: the cost of draws is nearly that of the means.
    let expected = likelihoodCost(trainer, examples)
    #expect(abs(report.likelihoodCost - expected) < 0.02 * abs(expected))
    #expect(abs(try #require(report.validationCost) - expected) < 1e-5)
    #expect(report.trainingError == nil)
    #expect(report.validationError == nil)
    // Three targets to an example; the cost of a Gaussian is its squared deviation and a constant.
    let cost = try #require(report.validationCost)
    let meanSquare = (cost / 3 - log(0.7) - log(2 * .pi) / 2) * 2 * 0.49
    let validation = try #require(report.validationRootMeanSquareError)
    #expect(abs(validation - meanSquare.squareRoot()) < 1e-9)
    let training = try #require(report.trainingRootMeanSquareError)
    #expect(abs(training - validation) < 0.02 * validation)
    #expect(try trainer.measurement(of: examples).rootMeanSquareError == validation)
  }
}
