import BBBNetwork

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

  /// What is learned the parameters of: matrices (no convolutions), activations, sums, concatenations.
  public var network: Network
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
  ///   - network: What is learned the parameters of.
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
    network: Network, method: Method = .bayesByBackprop(.init()),
    likelihood: Likelihood = .categorical, inputScale: Double = 1.0 / 126,
    optimizer: Optimizer = .adam, learningRate: Double = 1e-3,
    schedule: LearningRateSchedule = .cosine, epochs: Int = 100, minibatchSize: Int = 128,
    seed: UInt64 = 1, initialMeanScale: Double = 1
  ) {
    self.network = network
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
    network.parameters.reduce(weightCount) { $0 + ($1.hasBias ? $1.weights.rows : 0) }
  }

  /// How many numbers belong to an example: one for each output, or its class.
  var targetCount: Int {
    switch likelihood {
    case .categorical, .binary: 1
    case .gaussian: network.outputCount
    }
  }

  /// The number of weights, without biases.
  public var weightCount: Int {
    network.parameters.reduce(0) { $0 + $1.weights.count }
  }
}

extension TrainingConfiguration {
  /// What runs were saved with before networks had a text.
  private enum EarlierKeys: String, CodingKey {
    case layerSizes
  }

  /// Reads a configuration.
  ///
  /// - Parameter decoder: What holds it; a run of an earlier version has the sizes of layers, with rectifiers between, in
  ///   place of the network.
  /// - Throws: `DecodingError` if it holds no configuration, ``TrainingError`` if the sizes are of no network.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    network =
      try container.decodeIfPresent(Network.self, forKey: .network)
      ?? Self.layers(
        decoder.container(keyedBy: EarlierKeys.self).decode([Int].self, forKey: .layerSizes))
    method = try container.decode(Method.self, forKey: .method)
    likelihood = try container.decode(Likelihood.self, forKey: .likelihood)
    inputScale = try container.decode(Double.self, forKey: .inputScale)
    optimizer = try container.decode(Optimizer.self, forKey: .optimizer)
    learningRate = try container.decode(Double.self, forKey: .learningRate)
    schedule = try container.decode(LearningRateSchedule.self, forKey: .schedule)
    epochs = try container.decode(Int.self, forKey: .epochs)
    minibatchSize = try container.decode(Int.self, forKey: .minibatchSize)
    seed = try container.decode(UInt64.self, forKey: .seed)
    initialMeanScale = try container.decode(Double.self, forKey: .initialMeanScale)
  }
}
