import Testing

@testable import BBBTraining

/// Whether a network does better than one answer for all examples.
struct ConstantAnswerTests {
  private func trainer(
    _ examples: TrainingExamples, outputs: Int, learningRate: Double,
    epochs: Int = 200, likelihood: Likelihood = .categorical
  ) throws -> Trainer {
    let trainer = try Trainer(
      TrainingConfiguration(
        network: .layers(4, 40, outputs), method: .pointEstimate(.init()), likelihood: likelihood,
        learningRate: learningRate, schedule: .constant, epochs: epochs, minibatchSize: 10),
      examples: examples)
    while !trainer.isFinished { _ = try trainer.step() }
    return trainer
  }

  @Test func `classes that are learned are better, those that are not are none`() throws {
    let few = try Problems.classes(30, inputCount: 4, classCount: 3)
    #expect(try !trainer(few, outputs: 3, learningRate: 0.02).isAtChance())
    // Of many, none is right by luck.
    let many = try Problems.classes(1000, inputCount: 4, classCount: 3)
    #expect(try trainer(many, outputs: 3, learningRate: 1e-30, epochs: 1).isAtChance())
  }

  @Test func `numbers likewise`() throws {
    let examples = try Problems.numbers(30, inputCount: 4, targetCount: 2)
    let likelihood = Likelihood.gaussian(deviation: 0.1)
    #expect(
      try !trainer(examples, outputs: 2, learningRate: 0.01, likelihood: likelihood).isAtChance())
    #expect(
      try trainer(examples, outputs: 2, learningRate: 1e-30, likelihood: likelihood).isAtChance())
  }

  /// One example of ten, and no line between them: the right answer is never above a half, but the likelihood tells.
  @Test func `of a rare class the likelihood counts, as the errors cannot`() throws {
    let random = try Problems.classes(400, inputCount: 4, classCount: 2)
    guard case .floats(let inputs) = random.inputs else {
      Issue.record("inputs that are no floats")
      return
    }
    let labels = (0..<400).map { inputs[4 * $0] > 0.3 && $0 % 4 == 0 ? 1 : 0 }
    let examples = try Problems.classes(labels, inputsOf: random)
    let learned = try trainer(
      examples, outputs: 1, learningRate: 0.003, epochs: 20, likelihood: .binary)
    #expect(!learned.isAtChance())
    #expect(
      try trainer(examples, outputs: 1, learningRate: 1e-30, epochs: 1, likelihood: .binary)
        .isAtChance())
  }

  @Test func `where all targets are the same there is nothing to learn`() throws {
    let random = try Problems.classes(30, inputCount: 4, classCount: 3)
    let examples = try Problems.classes(.init(repeating: 1, count: 30), inputsOf: random)
    #expect(try !trainer(examples, outputs: 3, learningRate: 1e-30).isAtChance())
  }
}
