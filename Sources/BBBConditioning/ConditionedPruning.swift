import BBBPosterior
import BBBPruning

/// Prunes a network to any sparsity, and conditions what is left: each sparsity by itself, so that a result does not depend on what
/// else was asked for.
public struct ConditionedPruning: Sendable {
  /// What conditions.
  public let conditioner: Conditioner
  /// What ranks the weights: ``Criterion/conditional`` or another criterion.
  public let criterion: Criterion
  /// The share of the weights that a conditional order begins with; `nil` for the usual one.
  public let preCut: Double?
  /// Over what a sparsity is met.
  public let scope: Pruning.Scope
  /// Whether σ of what is left grows, so that the noise of a row's sum is that of all weights before.
  public let keepsNoise: Bool
  private let ranking: Ranking

  /// Prepares.
  ///
  /// - Parameters:
  ///   - conditioner: Of the posterior's network.
  ///   - posterior: The posterior.
  ///   - criterion: What ranks the weights.
  ///   - preCut: The share of the weights that a conditional order begins with, those of largest |μ|/σ; `nil` for the usual one
  ///     (``usualPreCut(keeping:)``).
  ///   - scope: Over what a sparsity is met.
  ///   - keepsNoise: Whether σ of what is left grows, so that the noise of a row's sum is that of all weights before.
  ///   - includesBiases: Whether biases may be removed too; a conditional order refuses.
  ///   - includesCertainWeights: Whether weights of ordinary layers beside Bayesian ones may be.
  ///   - threadCount: How many threads share the work; no result depends on it.
  /// - Throws: `PosteriorError` if the criterion asks for what the posterior has not.
  public init(
    _ conditioner: Conditioner, _ posterior: Posterior, by criterion: Criterion,
    preCut: Double? = nil, scope: Pruning.Scope = .global, keepsNoise: Bool = false,
    includesBiases: Bool = false, includesCertainWeights: Bool = false, threadCount: Int = 1
  ) throws(PosteriorError) {
    self.conditioner = conditioner
    self.criterion = criterion
    self.preCut = preCut
    self.scope = scope
    self.keepsNoise = keepsNoise
    ranking = try Ranking(
      posterior, by: criterion.beforeConditioning(of: posterior), includesBiases: includesBiases,
      includesCertainWeights: includesCertainWeights, threadCount: threadCount)
  }

  /// The share of the weights that a conditional order begins with if so many are to stay: five times as many, and at least a
  /// quarter, but not more than half of what is to go besides.
  ///
  /// - Parameter share: The share of the weights that are to stay, 0…1.
  /// - Returns: A share, 0…1.
  public static func usualPreCut(keeping share: Double) -> Double {
    min(max(5 * share, 0.25), (1 + share) / 2)
  }

  /// The pruned network at a sparsity, conditioned.
  ///
  /// Where less than half is removed (``leastSearched``), the conditional criterion removes what |μ|/σ does, or |μ| where there is no σ.
  ///
  /// - Parameters:
  ///   - sparsity: The share of the weights to remove, 0…1.
  ///   - progress: Is called with the fraction of the search for an order that is done, from any thread.
  /// - Returns: The network, and how it was pruned.
  /// - Throws: ``ConditioningError``, `PruningError`, or `PosteriorError` about a number that cannot be read.
  public func network(
    atSparsity sparsity: Double, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> ConditionedNetwork {
    // Where all goes there is no choice.
    guard criterion == .conditional, sparsity < 1, sparsity >= Self.leastSearched || preCut != nil
    else {
      return try conditioner.conditioned(
        by: try ranking.pruning(atSparsity: sparsity, scope: scope), keepingNoise: keepsNoise)
    }
    let share = max(preCut ?? Self.usualPreCut(keeping: 1 - sparsity), 1 - sparsity)
    let order = try conditioner.order(
      after: try ranking.pruning(atSparsity: 1 - share, scope: scope), progress: progress)
    let pruning = try conditioner.ranking(ranking, order).pruning(
      atSparsity: sparsity, scope: scope)
    return try conditioner.conditioned(
      by: pruning, order, scope: scope, keepingNoise: keepsNoise)
  }

  /// Below this sparsity a conditional order is not searched for, unless a first cut is asked for: the search would take long, and
  /// nearly any choice does.
  public static let leastSearched = 0.5
}

extension Criterion {
  /// What ranks weights before inputs are looked at: |μ|/σ for the conditional criterion, |μ| where there is no σ.
  package func beforeConditioning(of posterior: Posterior) -> Criterion {
    guard self == .conditional else { return self }
    return posterior.hasDeviations ? .signalToNoiseRatio : .magnitude
  }
}
