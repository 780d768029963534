import Testing

@testable import BBBTraining

/// Runs whose numbers are no longer finite end with an error that says where.
struct DivergenceTests {
  private func failure(
    _ method: TrainingConfiguration.Method, learningRate: Double, minibatchSize: Int = 5,
    epochs: Int = 50
  ) throws -> (error: TrainingError?, steps: Int) {
    let configuration = TrainingConfiguration(
      network: .layers(4, 6, 3), method: method, optimizer: .gradientDescent,
      learningRate: learningRate, schedule: .constant, epochs: epochs,
      minibatchSize: minibatchSize)
    let examples = try Problems.classes(10, inputCount: 4, classCount: 3)
    let trainer = try Trainer(configuration, examples: examples, validation: examples)
    do {
      while !trainer.isFinished { _ = try trainer.step() }
      return (nil, trainer.stepCount)
    } catch {
      return (error, trainer.stepCount)
    }
  }

  @Test(
    arguments: [
      .bayesByBackprop(.init()), .bayesByBackprop(.init(estimator: .weightDraws(2))),
      .bayesByBackprop(.init(estimator: .localReparametrisation)), .pointEstimate(.init()),
    ] as [TrainingConfiguration.Method])
  func `a huge learning rate ends in an error that names the step, the layer and the remedy`(
    method: TrainingConfiguration.Method
  ) throws {
    let (failure, steps) = try failure(method, learningRate: 1e30)
    let error = try #require(failure)
    #expect(error.code == .diverged)
    #expect(
      error.message.hasPrefix("training diverged at step \(steps + 1) (epoch \(steps / 2 + 1)), ")
        || error.message.hasPrefix("training diverged at step \(steps) (epoch \(steps / 2)), "))
    #expect(error.message.contains("first in layer fc"))
    #expect(error.message.contains("lower --learning-rate (it was 1e+30)"))
    // Plain weights have no ρ to begin smaller with.
    let isPoint = if case .pointEstimate = method { true } else { false }
    #expect(error.message.contains("--initial-rho") == !isPoint)
  }

  @Test func `the layer named is the first, not all that a step would spoil`() throws {
    let configuration = TrainingConfiguration(
      network: .layers(4, 6, 3), epochs: 1, minibatchSize: 5)
    let trainer = try Trainer(
      configuration, examples: Problems.classes(10, inputCount: 4, classCount: 3))
    var parameters = trainer.parameters
    parameters.rhos[2][0] = .infinity
    trainer.setParameters(parameters)
    let error = #expect(throws: TrainingError.self) { try trainer.take(1) }
    #expect(error?.message.contains("first in layer fc2") == true)
  }

  @Test func `the very last step is looked at too`() throws {
    let (failure, steps) = try failure(
      .pointEstimate(.init()), learningRate: 1e38, minibatchSize: 10, epochs: 1)
    #expect(steps == 1)
    #expect(failure?.code == .diverged)
  }

  @Test func `a sensible learning rate does not diverge`() throws {
    let (failure, steps) = try failure(.bayesByBackprop(.init()), learningRate: 0.01)
    #expect(failure == nil)
    #expect(steps == 100)
  }
}
