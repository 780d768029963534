import BBBNetwork
import NetworkReference
import TestSupport
import Testing

@testable import BBBTraining

/// Steps of networks that are no chains of rectified layers, against finite differences of the free energy.
///
/// In deep networks outputs grow, and the rounding of single precision with them; what an operation gets wrong is far more.
struct GraphGradientTests {
  static let methods: [TrainingConfiguration.Method] = [
    .bayesByBackprop(.init(prior: GradientTests.priors[0], estimator: .weightDraws(1))),
    .bayesByBackprop(.init(prior: GradientTests.priors[1], estimator: .weightDraws(2))),
    .bayesByBackprop(
      .init(prior: GradientTests.priors[0], estimator: .localReparametrisation)),
    .pointEstimate(.init(ridge: 0.01)),
    .pointEstimate(.init(inputDropout: 0.2, hiddenDropout: 0.4)),
  ]

  /// Of zeros, which dropout makes, a logarithm and a square root have no gradient.
  private static func leavesOut(_ method: TrainingConfiguration.Method) -> Bool {
    if case .pointEstimate(let estimate) = method { estimate.hiddenDropout > 0 } else { false }
  }

  static let activations = Activation.allCases.filter {
    $0 != .logarithm && $0 != .squareRoot
  }

  private func expectGradients(
    _ network: Network, _ method: TrainingConfiguration.Method, every stride: Int = 1
  ) throws {
    let configuration = TrainingConfiguration(
      network: network, method: method, likelihood: .gaussian(deviation: 0.8), epochs: 1,
      minibatchSize: 4, seed: 3)
    try GradientTests.expectGradients(
      configuration,
      Problems.numbers(
        4, inputCount: network.inputCount, targetCount: network.outputCount), steps: 1,
      every: stride, tolerance: 2e-5
    ) { _ in 1 }
  }

  @Test(arguments: activations, methods)
  func `of every activation`(activation: Activation, method: TrainingConfiguration.Method) throws {
    try expectGradients(.multilayerPerceptron([5, 6, 4, 2], activation: activation), method)
  }

  static let graphs = [
    // A residual block, its sum rectified.
    "input 6; a = linear 6; x = tanh; b = linear 6; g = gelu; s = add g x; relu; out = linear 3",
    // The input, and a value that is read by several, some of them activations.
    "input 5; z = linear 5; p = relu from z; q = silu from z; r = add p q; s = add r input; t = add s z; "
      + "out = linear 2",
    "input 5; z = linear 4; y = add z z; tanh; out = linear 2 without-bias",
    "input 5; z = linear 4; y = concatenate z input z; softplus; out = linear 2",
    // What passes on what is there, in several ways.
    "input 2 3; e = elu; f = flatten; z = linear 6; i = identity; g = flatten; s = sigmoid; y = add s f; "
      + "out = linear 3; end = flatten",
    "input 4; z = linear 4 without-bias; i = identity; p = add i z; r = relu; y = concatenate r p; "
      + "out = linear 2; tanh",
    // Two heads, put together.
    "input 4; h = linear 5; k = selu; a = linear 2; b = linear 3 from k; both = concatenate a b",
  ]

  @Test(arguments: graphs, methods)
  func `of branches`(text: String, method: TrainingConfiguration.Method) throws {
    try expectGradients(Network(text: text), method)
  }

  @Test(arguments: methods.filter { !leavesOut($0) })
  func `of functions of positive numbers`(method: TrainingConfiguration.Method) throws {
    let text =
      "input 5; z = linear 4; sigmoid; logarithm; y = linear 3; sigmoid; square-root; out = linear 2"
    try expectGradients(Network(text: text), method)
  }

  @Test(arguments: methods)
  func `of branches that are cut into several pieces`(
    method: TrainingConfiguration.Method
  ) throws {
    let text =
      "input 150; a = linear 150; x = tanh; b = linear 150; y = relu; s = add y x; c = concatenate s input; "
      + "silu; out = linear 2"
    try expectGradients(Network(text: text), method, every: 997)
  }

  @Test(arguments: methods)
  func `of random networks`(method: TrainingConfiguration.Method) throws {
    var generator = SeededGenerator(seed: 11)
    var count = 0
    while count < 25 {
      let network = RandomNetworks.make(
        using: &generator,
        activations: Self.leavesOut(method) ? Self.activations : Activation.allCases)
      guard (try? TrainingConfiguration(network: network).checkSettings()) != nil else { continue }
      count += 1
      try expectGradients(network, method)
    }
  }
}
