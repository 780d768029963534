import BBBKernels
import BBBTensors
import Foundation
import TestSupport
import Testing

@testable import BBBTraining

/// A run is decided by its configuration and examples alone.
struct ReproducibilityTests {
  static let methods: [TrainingConfiguration.Method] = [
    .bayesByBackprop(.init()),
    .bayesByBackprop(.init(prior: .gaussian(deviation: 1), estimator: .weightDraws(3))),
    .bayesByBackprop(
      .init(
        prior: .gaussian(deviation: 1), estimator: .localReparametrisation,
        minibatchWeighting: .geometric, warmUpEpochs: 2)),
    .bayesByBackprop(
      .init(prior: .closedFormGaussian(deviation: 1), estimator: .localReparametrisation)),
    .pointEstimate(.init(ridge: 1e-3, inputDropout: 0.2, hiddenDropout: 0.5)),
  ]

  static let optimizers: [Optimizer] = [.gradientDescent, .momentum(0.9), .adam]

  private func configuration(
    _ method: TrainingConfiguration.Method, _ optimizer: Optimizer = .adam, seed: UInt64 = 1
  ) -> TrainingConfiguration {
    TrainingConfiguration(
      network: .layers(20, 300, 140, 3), method: method, optimizer: optimizer, learningRate: 0.01,
      epochs: 3, minibatchSize: 16, seed: seed)
  }

  private func examples() throws -> (training: TrainingExamples, validation: TrainingExamples) {
    try Problems.classes(57, inputCount: 20, classCount: 3).splitForValidation(count: 17)
  }

  private func trainer(
    _ configuration: TrainingConfiguration, threads: Int = 1, steps: Int = 0
  ) throws -> Trainer {
    let examples = try examples()
    let trainer = try Trainer(
      configuration, examples: examples.training, validation: examples.validation,
      threadCount: threads)
    try trainer.take(steps)
    return trainer
  }

  private func resumed(_ state: Data, threads: Int = 1) throws -> Trainer {
    let examples = try examples()
    var trainer: Trainer?
    try withTemporaryFolder { folder in
      try state.write(to: URL(filePath: folder + "/run.state"))
      trainer = try Trainer(
        resuming: TensorFile(contentsOf: folder + "/run.state"), examples: examples.training,
        validation: examples.validation, threadCount: threads)
    }
    return try #require(trainer)
  }

  @Test(arguments: methods)
  func `any number of threads gives the same bits`(method: TrainingConfiguration.Method) throws {
    let expected = try trainer(configuration(method), steps: 5).savedState()
    for threads in [2, 3, 5] {
      let state = try trainer(configuration(method), threads: threads, steps: 5).savedState()
      #expect(state == expected, "\(threads) threads")
    }
  }

  @Test func `runs at the same time do not disturb each other`() async throws {
    let configuration = configuration(Self.methods[0])
    let expected = try trainer(configuration, steps: 5).savedState()
    let states = try await withThrowingTaskGroup(of: Data.self) { group in
      for _ in 0..<4 {
        group.addTask { try trainer(configuration, threads: 2, steps: 5).savedState() }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(states == [Data](repeating: expected, count: 4))
  }

  @Test(arguments: methods, optimizers)
  func `a run that was saved and resumed ends like one that was not`(
    method: TrainingConfiguration.Method, optimizer: Optimizer
  ) throws {
    let configuration = configuration(method, optimizer)
    let whole = try trainer(configuration, steps: 9)
    // Three steps to an epoch: before the first, in the middle of an epoch, at the end of one.
    for savedStep in [0, 4, 6] {
      let saved = try trainer(configuration, threads: 2, steps: savedStep).savedState()
      let resumed = try resumed(saved, threads: 3)
      #expect(resumed.stepCount == savedStep)
      #expect(try resumed.savedState() == saved)
      try resumed.take(9 - savedStep)
      #expect(try resumed.savedState() == whole.savedState())
      #expect(try resumed.checkpoint() == whole.checkpoint())
      #expect(resumed.history == whole.history)
      #expect(resumed.isFinished)
    }
    #expect(whole.history.count == 3)
  }

  @Test(arguments: methods)
  func `another seed is another run`(method: TrainingConfiguration.Method) throws {
    let one = try trainer(configuration(method, seed: 1), steps: 1)
    let other = try trainer(configuration(method, seed: 2), steps: 1)
    #expect(one.parameters.means != other.parameters.means)
  }

  @Test func `every epoch has an order of its own`() {
    let orders = (0..<4).map {
      Permutation.make(count: 1000, key: NoiseStream.order.key(seed: 1, step: $0))
    }
    for order in orders { #expect(order.sorted() == Array(0..<1000)) }
    #expect(Set(orders).count == 4)
    #expect(orders[0] != Permutation.make(count: 1000, key: NoiseStream.order.key(seed: 2)))
    #expect(Permutation.make(count: 1, key: NoiseStream.order.key(seed: 1)) == [0])
  }

  @Test func `all orders are equally likely`() {
    var counts: [[Int32]: Int] = [:]
    for epoch in 0..<24_000 {
      let key = NoiseStream.order.key(seed: 3, step: epoch)
      counts[Permutation.make(count: 4, key: key), default: 0] += 1
    }
    #expect(counts.count == 24)
    // χ² with 23 degrees of freedom: above 50 once in a thousand.
    let deviation = counts.values.reduce(0.0) { sum, count in
      let difference = Double(count) - 1000
      return sum + difference * difference / 1000
    }
    #expect(deviation < 50)
  }

  @Test func `an epoch sees every example once`() throws {
    // Each example has an input of its own. With a rate of 1, no prior, noise or hidden layer, and
    // targets of 0, a step subtracts each seen example's output from its own weight.
    let count = 10
    let inputs = (0..<count * count).map { Float($0 / count == $0 % count ? 1 : 0) }
    let examples = try TrainingExamples(
      inputs: inputs, inputCount: count, targets: [Float](repeating: 0, count: count),
      targetCount: 1)
    let trainer = try Trainer(
      TrainingConfiguration(
        network: .layers(count, 1), method: .pointEstimate(.init()),
        likelihood: .gaussian(deviation: 1), optimizer: .gradientDescent, learningRate: 0.125,
        schedule: .constant, epochs: 1, minibatchSize: 1),
      examples: examples)
    let weights = (1...count).map(Double.init)
    trainer.setParameters(NetworkParameters(means: [weights, [0]], rhos: [[], []]))
    var seen: [Int] = []
    while !trainer.isFinished {
      let before = trainer.parameters.means[0]
      try trainer.take(1)
      let after = trainer.parameters.means[0]
      seen += before.indices.filter { before[$0] != after[$0] }
    }
    #expect(seen.sorted() == Array(0..<count))
    #expect(seen != seen.sorted())
  }
}

/// Examples that are set aside for validation.
struct ValidationSplitTests {
  @Test func `the parts are disjoint, complete and in the old order`() throws {
    let examples = try Problems.classes(1000, inputCount: 1, classCount: 2)
    let (training, validation) = try examples.splitForValidation(count: 150)
    #expect(training.count == 850)
    #expect(validation.count == 150)
    #expect((training.indices + validation.indices).sorted() == examples.indices)
    #expect(training.indices == training.indices.sorted())
    #expect(validation.indices == validation.indices.sorted())
    // They are spread over all examples, not taken from one end.
    #expect(validation.indices.count { $0 < 500 } > 50)
    #expect(validation.indices.count { $0 >= 500 } > 50)
    // There is nothing else it could depend on.
    #expect(try examples.splitForValidation(count: 150).validation.indices == validation.indices)
  }

  @Test func `a part can be divided again`() throws {
    let examples = try Problems.classes(100, inputCount: 1, classCount: 2)
    let (rest, first) = try examples.splitForValidation(count: 30)
    let (training, second) = try rest.splitForValidation(count: 20)
    #expect((training.indices + second.indices).sorted() == rest.indices)
    #expect(Set(second.indices).isDisjoint(with: first.indices))
  }

  @Test(arguments: [-1, 10, 11])
  func `a part that leaves nothing to train on is refused`(count: Int) throws {
    let examples = try Problems.classes(10, inputCount: 1, classCount: 2)
    let error = #expect(throws: TrainingError.self) {
      try examples.splitForValidation(count: count)
    }
    #expect(error?.code == .invalidConfiguration)
    #expect(
      error?.message
        == "\(count) of 10 examples cannot be set aside for validation; leave at least one to train on"
    )
  }

  @Test(arguments: [(7, 2, 3, 1), (6, 2, 4, 1), (6, 0, 3, 1), (6, 2, 3, 0), (6, 2, 7, 2)])
  func `inputs and targets of different examples are refused`(
    inputs: Int, inputCount: Int, targets: Int, targetCount: Int
  ) {
    let error = #expect(throws: TrainingError.self) {
      try TrainingExamples(
        inputs: .init(repeating: 0, count: inputs), inputCount: inputCount,
        targets: .init(repeating: 0, count: targets), targetCount: targetCount)
    }
    #expect(error?.message.hasSuffix("give both for each example") == true)
  }
}
