import BBBPosterior

/// How a Gaussian posterior is learned (Blundell and others 2015, section 3).
public struct BayesByBackprop: Hashable, Codable, Sendable {
  /// How the gradient of the expected cost is estimated.
  public enum Estimator: Hashable, Codable, Sendable {
    /// The average over draws of all weights, w = μ + σ∘ε, each used for the whole minibatch (section
    /// 3.2); at least one draw.
    case weightDraws(Int)
    /// Each example draws each unit's input instead, from the Gaussian that the weights induce
    /// (Kingma, Salimans and Welling 2015, equation 6): the same expectation, far less variance.
    case localReparametrisation
  }

  /// What is believed of every weight before any data is seen.
  public var prior: Prior
  /// How the gradient is estimated.
  public var estimator: Estimator
  /// How the complexity cost is shared out among minibatches.
  public var minibatchWeighting: MinibatchWeighting
  /// What the complexity cost is multiplied by; 1 gives the posterior of the paper, less a colder one.
  public var temperature: Double
  /// The number of epochs in which the complexity cost's weight rises from 0 to full.
  public var warmUpEpochs: Double
  /// ρ of every parameter at the start; σ = log(1 + exp ρ).
  public var initialRho: Double
  /// What the learning rate is multiplied by for ρ.
  public var rhoRate: Double

  /// Creates settings.
  ///
  /// - Parameters:
  ///   - prior: What is believed of every weight.
  ///   - estimator: How the gradient is estimated.
  ///   - minibatchWeighting: How the complexity cost is shared out.
  ///   - temperature: What the complexity cost is multiplied by.
  ///   - warmUpEpochs: The epochs in which its weight rises.
  ///   - initialRho: ρ at the start.
  ///   - rhoRate: What the learning rate is multiplied by for ρ.
  public init(
    prior: Prior = .scaleMixture(
      wideShare: 0.5, wideDeviation: 1, narrowDeviation: Prior.paperNarrowDeviation),
    estimator: Estimator = .weightDraws(1), minibatchWeighting: MinibatchWeighting = .uniform,
    temperature: Double = 1, warmUpEpochs: Double = 0, initialRho: Double = -4, rhoRate: Double = 1
  ) {
    self.prior = prior
    self.estimator = estimator
    self.minibatchWeighting = minibatchWeighting
    self.temperature = temperature
    self.warmUpEpochs = warmUpEpochs
    self.initialRho = initialRho
    self.rhoRate = rhoRate
  }
}
