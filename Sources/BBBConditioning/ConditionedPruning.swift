import BBBPosterior
import BBBPruning
import Synchronization

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
  private let freeRoundings = FreeRoundings()

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
    guard let order = try order(atSparsity: sparsity, progress) else {
      return try conditioner.conditioned(
        by: try ranking.pruning(atSparsity: sparsity, scope: scope), keepingNoise: keepsNoise)
    }
    return try conditioner.conditioned(
      by: try pruning(by: order, atSparsity: sparsity), order, scope: scope,
      keepingNoise: keepsNoise)
  }

  /// The order that the weights go in at a sparsity; `nil` where the ranking decides.
  private func order(
    atSparsity sparsity: Double, _ progress: @escaping @Sendable (Double) -> Void
  ) throws -> ConditionalOrder? {
    // Where all goes there is no choice.
    guard criterion == .conditional, sparsity < 1, sparsity >= Self.leastSearched || preCut != nil
    else { return nil }
    let share = max(preCut ?? Self.usualPreCut(keeping: 1 - sparsity), 1 - sparsity)
    return try conditioner.order(
      after: try ranking.pruning(atSparsity: 1 - share, scope: scope), progress: progress)
  }

  private func pruning(by order: ConditionalOrder, atSparsity sparsity: Double) throws -> Pruning {
    try conditioner.ranking(ranking, order).pruning(atSparsity: sparsity, scope: scope)
  }

  /// The same network before its last fit to all examples.
  private func fit(
    atSparsity sparsity: Double, _ progress: @escaping @Sendable (Double) -> Void
  ) throws -> (Conditioner.Fit, Pruning) {
    guard let order = try order(atSparsity: sparsity, progress) else {
      let pruning = try ranking.pruning(atSparsity: sparsity, scope: scope)
      return (try conditioner.fitted(by: pruning), pruning)
    }
    let pruning = try pruning(by: order, atSparsity: sparsity)
    return (try conditioner.fitted(by: pruning, order, scope: scope), pruning)
  }

  /// The network removed and rounded at one price of a bit, which is searched for: the smallest file, or the one nearest to the
  /// unpruned network.
  ///
  /// - Parameters:
  ///   - goal: What the file is to be; `nil` for the usual: a divergence of at most 1 % of the entropy of the network's outputs, or a quarter
  ///     more than the removals cost that are asked for, if that is more.
  ///   - sparsity: The share of the weights to remove at least, 0…1; `nil` if that is of no account.
  ///   - keepsUncertainty: Whether the standard deviations of what is left are in the file.
  ///   - progress: Is called with the fraction of the search that is done, from any thread.
  /// - Returns: The network that came nearest to the goal, which it need not hold.
  /// - Throws: ``ConditioningError``, `PruningError`, `CompactModelError`, or `PosteriorError` about a number that cannot be read.
  public func rounded(
    to goal: RoundingGoal? = nil, atSparsity sparsity: Double? = nil,
    keepsUncertainty: Bool = false, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> RoundedNetwork {
    if criterion == .conditional, 1 - (sparsity ?? 0) > preCut ?? Self.firstShare {
      let key = FreeRoundings.Key(goal: goal, keepsUncertainty: keepsUncertainty)
      let rounded =
        try freeRoundings[key] ?? freelyRounded(to: goal, keepsUncertainty, progress)
      freeRoundings[key] = rounded
      guard let sparsity, rounded.network.pruning.sparsity < sparsity else { return rounded }
    }
    let (fit, pruning) = try fit(atSparsity: sparsity ?? 0) { progress(0.5 * $0) }
    return try conditioner.rounded(
      fit, pruning, to: goal, keepsNoise: keepsNoise, keepsUncertainty: keepsUncertainty
    ) { progress(0.5 + 0.5 * $0) }
  }

  /// The network rounded, whatever its sparsity will be.
  private func freelyRounded(
    to goal: RoundingGoal?, _ keepsUncertainty: Bool, _ progress: @Sendable (Double) -> Void
  ) throws -> RoundedNetwork {
    var share = preCut ?? Self.firstShare
    while true {
      let pruning = try ranking.pruning(atSparsity: 1 - share, scope: scope)
      let rounded = try conditioner.rounded(
        nil, pruning, to: goal, keepsNoise: keepsNoise, keepsUncertainty: keepsUncertainty,
        progress: progress)
      // Where most of what may be chosen from is left, more would be with more to choose from.
      let isBound =
        Double(rounded.network.pruning.keptCount) > Self.boundShare * Double(pruning.keptCount)
      guard preCut == nil, isBound || !rounded.holdsGoal, share < 1 else { return rounded }
      share = min(2 * share, 1)
    }
  }

  /// The share of the weights that rounding chooses from at first, and what may be left of it before there are to be more.
  private static let firstShare = 0.25
  private static let boundShare = 0.6

  /// Below this sparsity a conditional order is not searched for, unless a first cut is asked for: the search would take long, and
  /// nearly any choice does.
  public static let leastSearched = 0.5
}

/// Networks that were rounded whatever their sparsity: those of many sparsities.
private final class FreeRoundings: Sendable {
  struct Key: Hashable {
    let goal: RoundingGoal?
    let keepsUncertainty: Bool
  }

  private let made = Mutex<[Key: RoundedNetwork]>([:])

  subscript(key: Key) -> RoundedNetwork? {
    get { made.withLock { $0[key] } }
    set { made.withLock { $0[key] = newValue } }
  }
}

extension Criterion {
  /// What ranks weights before inputs are looked at: |μ|/σ for the conditional criterion, |μ| where there is no σ.
  package func beforeConditioning(of posterior: Posterior) -> Criterion {
    guard self == .conditional else { return self }
    return posterior.hasDeviations ? .signalToNoiseRatio : .magnitude
  }
}
