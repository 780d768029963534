/// Everything that decides what a training run computes, besides the examples.
///
/// Two runs with equal configurations and examples give equal checkpoints, whatever the number of
/// threads.
public struct TrainingConfiguration: Hashable, Codable, Sendable {
  /// What is learned.
  public enum Method: Hashable, Codable, Sendable {
    /// A Gaussian posterior for every weight.
    case bayesByBackprop(BayesByBackprop)
    /// One value for every weight.
    case pointEstimate(PointEstimate)
  }

  /// The number of inputs, of units in each hidden layer, and of outputs, such as
  /// `[784, 1200, 1200, 10]`.
  public var layerSizes: [Int]
  /// What is learned, and with which regularisation.
  public var method: Method
  /// What the outputs mean.
  public var likelihood: Likelihood
  /// What inputs that are bytes are multiplied by; the paper divides pixels by 126.
  public var inputScale: Double
  /// How a step follows from a gradient.
  public var optimizer: Optimizer
  /// The learning rate at the start, for the cost in nats per example.
  ///
  /// The paper's cost is the sum over a minibatch: its rates are these divided by the minibatch's size.
  public var learningRate: Double
  /// How it changes.
  public var schedule: LearningRateSchedule
  /// How often every example is seen.
  public var epochs: Int
  /// The number of examples in a minibatch; the last one of an epoch may have fewer.
  public var minibatchSize: Int
  /// The seed of all random numbers.
  public var seed: UInt64
  /// The initial means' standard deviation is this times √(2 / inputs) (He and others 2015).
  public var initialMeanScale: Double

  /// Creates a configuration; what is left out has a default that suits MNIST (the paper used plain gradient descent).
  ///
  /// - Parameters:
  ///   - layerSizes: Inputs, hidden units, outputs.
  ///   - method: What is learned.
  ///   - likelihood: What the outputs mean.
  ///   - inputScale: What inputs that are bytes are multiplied by.
  ///   - optimizer: How a step follows from a gradient.
  ///   - learningRate: The learning rate at the start.
  ///   - schedule: How it changes.
  ///   - epochs: How often every example is seen.
  ///   - minibatchSize: The number of examples in a minibatch.
  ///   - seed: The seed of all random numbers.
  ///   - initialMeanScale: The spread of the initial means.
  public init(
    layerSizes: [Int], method: Method = .bayesByBackprop(.init()),
    likelihood: Likelihood = .categorical, inputScale: Double = 1.0 / 126,
    optimizer: Optimizer = .adam, learningRate: Double = 1e-3,
    schedule: LearningRateSchedule = .cosine, epochs: Int = 100, minibatchSize: Int = 128,
    seed: UInt64 = 1, initialMeanScale: Double = 1
  ) {
    self.layerSizes = layerSizes
    self.method = method
    self.likelihood = likelihood
    self.inputScale = inputScale
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.schedule = schedule
    self.epochs = epochs
    self.minibatchSize = minibatchSize
    self.seed = seed
    self.initialMeanScale = initialMeanScale
  }

  /// The number of parameters, weights and biases, that have a value each.
  public var parameterCount: Int {
    zip(layerSizes, layerSizes.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
  }

  /// How many numbers belong to an example: one for each output, or its class.
  var targetCount: Int {
    switch likelihood {
    case .categorical, .binary: 1
    case .gaussian: layerSizes.last ?? 1
    }
  }

  /// The number of weights, without biases.
  public var weightCount: Int {
    zip(layerSizes, layerSizes.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
