import BBBPosterior
import BBBTraining

/// Everything that decides what an agent does in a run, besides the table of mushrooms, the agent and
/// the number of the run.
public struct BanditSettings: Hashable, Codable, Sendable {
  /// How the complexity cost is weighted as long as the buffer is not full.
  public enum Weighting: String, CaseIterable, Codable, Sendable {
    /// As if it were full.
    case full
    /// By the number of interactions that it holds: Bayes' rule for the data there are.
    case held
  }

  /// The seed from which all random numbers follow.
  public var seed: UInt64
  /// The units of the hidden layers.
  public var hiddenSizes: [Int]
  /// How many of the last interactions are learned from.
  public var bufferCapacity: Int
  /// The number of interactions in a minibatch.
  public var minibatchSize: Int
  /// The number of training steps after each interaction.
  public var stepsPerInteraction: Int
  /// How many draws of the weights are averaged for a decision.
  public var decisionDraws: Int
  /// The standard deviation of the rewards around what Bayes by Backprop expects; plain networks
  /// minimise the squared error.
  public var rewardDeviation: Double
  /// How the posterior is learned; one complexity cost is shared by all minibatches alike.
  public var bayes: BayesByBackprop
  /// How the complexity cost is weighted at the beginning.
  public var weighting: Weighting
  /// The learning rate of Bayes by Backprop.
  public var learningRate: BanditLearningRate
  /// The learning rate of the greedy agents.
  public var greedyLearningRate: BanditLearningRate

  /// Creates settings; the buffer, the minibatches, the network and the draws are the paper's by
  /// default (Blundell and others 2015, section 5.3), the others are not in the paper.
  ///
  /// - Parameters:
  ///   - seed: The seed.
  ///   - hiddenSizes: The units of the hidden layers.
  ///   - bufferCapacity: How many of the last interactions are learned from.
  ///   - minibatchSize: The number of interactions in a minibatch.
  ///   - stepsPerInteraction: The number of training steps after each interaction.
  ///   - decisionDraws: How many draws of the weights are averaged for a decision.
  ///   - rewardDeviation: The standard deviation of the rewards.
  ///   - bayes: How the posterior is learned.
  ///   - weighting: How the complexity cost is weighted at the beginning.
  ///   - learningRate: The learning rate of Bayes by Backprop.
  ///   - greedyLearningRate: That of the greedy agents.
  public init(
    seed: UInt64 = 0, hiddenSizes: [Int] = [100, 100], bufferCapacity: Int = 4096,
    minibatchSize: Int = 64, stepsPerInteraction: Int = 64, decisionDraws: Int = 2,
    rewardDeviation: Double = 3, bayes: BayesByBackprop = BayesByBackprop(initialRho: -3),
    weighting: Weighting = .full,
    learningRate: BanditLearningRate = .init(start: 3e-4, halving: 500),
    greedyLearningRate: BanditLearningRate = .init(start: 1e-3)
  ) {
    self.seed = seed
    self.hiddenSizes = hiddenSizes
    self.bufferCapacity = bufferCapacity
    self.minibatchSize = minibatchSize
    self.stepsPerInteraction = stepsPerInteraction
    self.decisionDraws = decisionDraws
    self.rewardDeviation = rewardDeviation
    self.bayes = bayes
    self.weighting = weighting
    self.learningRate = learningRate
    self.greedyLearningRate = greedyLearningRate
  }

  /// Checks what the trainer does not check.
  ///
  /// - Throws: `TrainingError` that names the setting.
  func check() throws(TrainingError) {
    let problems = [
      (minibatchSize < MushroomAction.allCases.count, "give a minibatch of at least two"),
      (bufferCapacity < 1, "give the buffer room for at least one interaction"),
      (stepsPerInteraction < 0, "give 0 or more training steps for an interaction"),
      (decisionDraws < 1, "average at least one draw of the weights"),
      (
        [learningRate, greedyLearningRate].contains { ($0.halving ?? 1) <= 0 },
        "let a learning rate fall to half after more than 0 interactions"
      ),
    ]
    if let problem = problems.first(where: \.0) {
      throw TrainingError(.invalidConfiguration, problem.1)
    }
  }

  /// An agent's learning rate.
  func learningRate(of agent: BanditAgent) -> BanditLearningRate {
    agent == .bayesByBackprop ? learningRate : greedyLearningRate
  }

  /// The settings with what an agent takes no notice of left out: two settings that then are equal
  /// decide the same runs.
  func deciding(_ agent: BanditAgent) -> BanditSettings {
    var settings = self
    switch agent {
    case .bayesByBackprop:
      settings.greedyLearningRate = .init(start: 0)
    case .greedy:
      settings.decisionDraws = 1
      settings.rewardDeviation = 1
      settings.bayes = BayesByBackprop(prior: .gaussian(deviation: 1), initialRho: 0)
      settings.weighting = .full
      settings.learningRate = .init(start: 0)
    }
    return settings
  }

  /// What an agent's network is trained by.
  func configuration(
    for agent: BanditAgent, contextCount: Int, seed: UInt64
  ) throws(TrainingError) -> TrainingConfiguration {
    TrainingConfiguration(
      network: try TrainingConfiguration.layers(
        [contextCount + MushroomAction.allCases.count] + hiddenSizes + [1]),
      method: agent == .bayesByBackprop ? .bayesByBackprop(bayes) : .pointEstimate(PointEstimate()),
      likelihood: .gaussian(deviation: agent == .bayesByBackprop ? rewardDeviation : 1),
      inputScale: 1, optimizer: .adam, learningRate: learningRate(of: agent).start,
      schedule: .constant, epochs: 1, minibatchSize: minibatchSize, seed: seed)
  }
}
