import BBBNetwork
import Foundation
import Testing

@testable import BBBTraining

struct TrainingConfigurationTests {
  private func failure(_ configuration: TrainingConfiguration) -> TrainingError? {
    failure { try Trainer(configuration, examples: examples()) }
  }

  private func failure(_ body: () throws -> Trainer) -> TrainingError? {
    do {
      _ = try body()
      return nil
    } catch {
      return error as? TrainingError
    }
  }

  private func examples() throws -> TrainingExamples {
    try Problems.classes(10, inputCount: 4, classCount: 3)
  }

  private func expectRefusal(
    _ message: String, code: TrainingError.Code = .invalidConfiguration,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ change: (inout TrainingConfiguration) -> Void
  ) {
    var configuration = TrainingConfiguration(network: .layers(4, 3), epochs: 1, minibatchSize: 4)
    #expect(failure(configuration) == nil)
    change(&configuration)
    #expect(
      failure(configuration) == TrainingError(code, message),
      sourceLocation: sourceLocation)
  }

  private func expectRefusal(
    _ message: String, sourceLocation: SourceLocation = #_sourceLocation,
    ofBayes change: (inout BayesByBackprop) -> Void
  ) {
    expectRefusal(message, sourceLocation: sourceLocation) { configuration in
      var bayes = BayesByBackprop()
      change(&bayes)
      configuration.method = .bayesByBackprop(bayes)
    }
  }

  @Test func `numbers that make no sense are named`() {
    expectRefusal("give each layer of the network at least one unit, and at most 2^20") {
      $0.network = .layers(4, 0, 3)
    }
    expectRefusal("the learning rate is 0.0; give a positive number") { $0.learningRate = 0 }
    expectRefusal("the learning rate is nan; give a positive number") { $0.learningRate = .nan }
    expectRefusal("the input scale is -1.0; give a positive number") { $0.inputScale = -1 }
    expectRefusal("the initial means' scale is inf; give a positive number") {
      $0.initialMeanScale = .infinity
    }
    expectRefusal("the likelihood's standard deviation is 0.0; give a positive number") {
      $0.likelihood = .gaussian(deviation: 0)
    }
    expectRefusal("0 epochs were asked for; give 1 to 1000000") { $0.epochs = 0 }
    expectRefusal("\(Int.max) epochs were asked for; give 1 to 1000000") { $0.epochs = .max }
    expectRefusal("give a minibatch from 1 to 32768 examples") { $0.minibatchSize = 0 }
    expectRefusal("let a learning-rate step last at least one epoch") {
      $0.schedule = .step(epochs: 0, factor: 0.1)
    }
    expectRefusal("the learning rate's factor is -0.1; give a positive number") {
      $0.schedule = .step(epochs: 1, factor: -0.1)
    }
  }

  @Test func `so are the optimisers' constants`() {
    expectRefusal("momentum is 1.0; give a number from 0 up to, but not including, 1") {
      $0.optimizer = .momentum(1)
    }
    expectRefusal(
      "Adam's decay of the mean is -0.1; give a number from 0 up to, but not including, 1"
    ) {
      $0.optimizer = .adam(meanDecay: -0.1, squareDecay: 0.999, epsilon: 1e-8)
    }
    expectRefusal(
      "Adam's decay of the square is nan; give a number from 0 up to, but not including, 1"
    ) {
      $0.optimizer = .adam(meanDecay: 0.9, squareDecay: .nan, epsilon: 1e-8)
    }
    expectRefusal("Adam's epsilon is 0.0; give one from 1e-20 to 1e20") {
      $0.optimizer = .adam(meanDecay: 0.9, squareDecay: 0.999, epsilon: 0)
    }
  }

  @Test func `so are the methods' settings`() {
    expectRefusal("11 draws per step were asked for; give 1 to 10") {
      $0.estimator = .weightDraws(11)
    }
    expectRefusal("the temperature is -1.0; give 0 or more") { $0.temperature = -1 }
    expectRefusal("the warm-up is inf epochs; give 0 or more") { $0.warmUpEpochs = .infinity }
    expectRefusal("rho starts at 40.0; give a number from -30 to 30") { $0.initialRho = 40 }
    expectRefusal("the factor of rho's learning rate is 0.0; give a positive number") {
      $0.rhoRate = 0
    }
    expectRefusal("a standard deviation of the prior is 0.0; give one from 1e-15 to 1e15") {
      $0.prior = .gaussian(deviation: 0)
    }
    expectRefusal("the wide component's share is 1.0; give a number between 0 and 1") {
      $0.prior = .scaleMixture(wideShare: 1, wideDeviation: 1, narrowDeviation: 0.1)
    }
    expectRefusal("the prior's standard deviations are 0.1 and 1.0; give the larger one first") {
      $0.prior = .scaleMixture(wideShare: 0.5, wideDeviation: 0.1, narrowDeviation: 1)
    }
    expectRefusal(
      "the wide component, 1e-20 N(0, 1000000000000000.0^2), is next to nothing beside the narrow"
        + " one; give it a larger share"
    ) {
      $0.prior = .scaleMixture(wideShare: 1e-20, wideDeviation: 1e15, narrowDeviation: 1e-15)
    }
    expectRefusal("a penalty is -0.5; give 0 or more") {
      $0.method = .pointEstimate(.init(ridge: -0.5))
    }
    expectRefusal("dropout of inputs is 1.0; give a number from 0 up to, but not including, 1") {
      $0.method = .pointEstimate(.init(inputDropout: 1))
    }
  }

  @Test func `so is what does not fit the examples`() throws {
    expectRefusal(
      "the network has 5 inputs, but an example has 4; give the network as many",
      code: .untrainableNetwork
    ) {
      $0.network = .layers(5, 3)
    }
    expectRefusal(
      "the network has 2 outputs, but a label is 2, counted from 0; give it at least 3 outputs",
      code: .untrainableNetwork
    ) {
      $0.network = .layers(4, 2)
    }
    expectRefusal(
      "the targets are classes; train on them with a categorical or a binary likelihood"
    ) {
      $0.likelihood = .gaussian(deviation: 1)
    }
    let numbers = try Problems.numbers(6, inputCount: 4, targetCount: 2)
    let categorical = TrainingConfiguration(network: .layers(4, 3))
    #expect(
      failure { try Trainer(categorical, examples: numbers) }?.message
        == "the targets are real numbers; train on them with a Gaussian likelihood")
    var gaussian = categorical
    gaussian.likelihood = .gaussian(deviation: 1)
    #expect(
      failure { try Trainer(gaussian, examples: numbers) }?.message
        == "the network has 3 outputs, but an example has 2 targets; give the network as many")
    let none = try TrainingExamples(inputs: [], inputCount: 4, targets: [], targetCount: 3)
    #expect(
      failure { try Trainer(gaussian, examples: none) }?.message
        == "there are no examples; give at least one")
    let classes = try examples()
    #expect(
      failure {
        try Trainer(
          categorical, examples: classes,
          validation: classes.splitForValidation(count: 0).validation)
      }?.message == "there are no examples; give at least one")
  }

  @Test(arguments: ReproducibilityTests.methods, ReproducibilityTests.optimizers)
  func `a configuration is the same after a round trip through JSON`(
    method: TrainingConfiguration.Method, optimizer: Optimizer
  ) throws {
    for schedule in [LearningRateSchedule.constant, .cosine, .step(epochs: 3, factor: 0.1)] {
      let configuration = TrainingConfiguration(
        network: .layers(784, 1200, 10), method: method, likelihood: .gaussian(deviation: 0.1),
        inputScale: 1.0 / 126, optimizer: optimizer, schedule: schedule, seed: .max)
      let json = configuration.json
      #expect(
        try JSONDecoder().decode(TrainingConfiguration.self, from: Data(json.utf8))
          == configuration)
    }
  }

  @Test func `parameters are weights and biases`() throws {
    let configuration = TrainingConfiguration(network: .layers(784, 1200, 1200, 10))
    #expect(configuration.weightCount == 2_392_800)
    #expect(configuration.parameterCount == 2_395_210)
    let network = try Network(text: "input 3; linear = linear 4 without-bias; out = linear 2")
    #expect(TrainingConfiguration(network: network).parameterCount == 12 + 8 + 2)
  }

  @Test(
    arguments: [
      (
        "input 1 5 5; conv1 = convolution 2 3x3; flatten; out = linear 3",
        "'conv1' is a convolution, which cannot be trained yet; give a network of linear layers, activations, "
          + "'add', 'concatenate' and 'flatten'"
      ),
      (
        "input 1 4 4; pool1 = max-pool 2x2; flatten; out = linear 3",
        "'pool1' is a max-pool, which cannot be trained yet; give a network of linear layers, activations, "
          + "'add', 'concatenate' and 'flatten'"
      ),
      (
        "input 4; a = linear 4; m = multiply a input; out = linear 3",
        "'m' is a multiplication, which cannot be trained yet; give a network of linear layers, activations, "
          + "'add', 'concatenate' and 'flatten'"
      ),
      (
        "input 4; a = linear 1; m = add a input; out = linear 3",
        "'m' adds values of 1 and 4 elements, which cannot be trained yet; give it values of one shape"
      ),
      (
        "input 4; c = constant 4; m = add c input; out = linear 3",
        "'c' is a constant, which cannot be trained yet; give a network of linear layers, activations, "
          + "'add', 'concatenate' and 'flatten'"
      ),
      (
        "input 4; a = linear 4; b = linear 4 sharing a; out = linear 3",
        "'b' shares the weights of 'a', which cannot be trained yet; give it its own"
      ),
      ("input 4; tanh", "the network has no weights to learn; give it a linear layer"),
    ])
  func `networks that are not trained are refused`(text: String, message: String) throws {
    let network = try Network(text: text)
    expectRefusal(message, code: .untrainableNetwork) { $0.network = network }
  }

  @Test func `a network of more values than its weights could need is refused`() throws {
    let copies = (1...8).map { "; n\($0) = tanh; m\($0) = add n\($0) n\($0)" }.joined()
    let wide = try Network(text: "input 1048576\(copies); out = linear 1")
    expectRefusal(
      "a minibatch of 200 examples is too large for the network's 17 operations; give a smaller one"
    ) {
      $0.network = wide
      $0.minibatchSize = 200
    }
  }

  @Test func `sizes of no network are refused`() throws {
    for sizes in [[], [4], [4, 0], [4, -1, 3], [4, 1 << 20 + 1, 3], [4, .max, 3]] {
      #expect(throws: TrainingError.self) { try TrainingConfiguration.layers(sizes) }
    }
    #expect(try TrainingConfiguration.layers([4, 3, 2]) == .layers(4, 3, 2))
  }

  @Test func `the sizes of earlier versions are read`() throws {
    let configuration = TrainingConfiguration(network: .layers(4, 6, 3), seed: 5)
    let text = "\"network\":\"\(configuration.network.textInOneLine)\""
    let earlier = configuration.json.split(separator: text).joined(
      separator: "\"layerSizes\":[4,6,3]")
    func decoded(_ json: String) throws -> TrainingConfiguration {
      try JSONDecoder().decode(TrainingConfiguration.self, from: Data(json.utf8))
    }
    #expect(try decoded(earlier) == configuration)
    for sizes in ["[4]", "[4,0,3]", "[4,-6,3]", "[4,9223372036854775807,3]", "\"4\""] {
      #expect(throws: (any Error).self) {
        try decoded(earlier.split(separator: "[4,6,3]").joined(separator: sizes))
      }
    }
  }
}
