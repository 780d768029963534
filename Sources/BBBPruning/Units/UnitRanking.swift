import BBBPosterior

/// The hidden units of a multilayer perceptron, ranked to be removed as a whole, for runtimes that want
/// dense matrices.
///
/// A unit's score is the sum over the weights that lead to it and that leave it (``Criterion``); a weight
/// between two hidden units counts for both. Biases do not count, as they are not ranked.
public struct UnitRanking: Sendable {
  /// Ranks the weights of the same posterior.
  private let ranking: Ranking
  private let kinds: [LayerKind]
  /// For each hidden layer and unit, the score as a number that orders like it.
  private let keys: [[RankKey]]

  /// The number of units in each hidden layer.
  public var unitCounts: [Int] { keys.map(\.count) }
  /// The number of hidden units.
  public var count: Int { keys.reduce(0) { $0 + $1.count } }

  /// Ranks hidden units.
  ///
  /// - Parameters:
  ///   - posterior: A multilayer perceptron with a hidden layer.
  ///   - ranking: Made from it.
  /// - Throws: ``PruningError/withoutUnits(path:reason:)`` if it is another kind of network;
  ///   `PosteriorError` about the first mean or standard deviation that is not valid.
  public init(_ posterior: Posterior, _ ranking: Ranking) throws {
    if let obstacle = posterior.network.obstacle {
      throw PruningError.withoutUnits(path: posterior.path, reason: obstacle)
    }
    guard posterior.layers.count > 1 else {
      throw PruningError.withoutUnits(
        path: posterior.path, reason: "it has one layer, and so no hidden units")
    }
    if posterior.hasDeviations, let certain = posterior.layers.first(where: \.isCertain) {
      throw PruningError.withoutUnits(
        path: posterior.path,
        reason:
          "the weights of \(certain.name) are certain (σ = 0) and stay, and with a unit they would go; "
          + "remove single weights")
    }
    let kinds = posterior.layers.map(\.kind)
    let scores = try kinds.indices.map { layer in
      let segment = ranking.segments.firstIndex { $0.layer == layer && !$0.isBias }
      guard let segment else { preconditionFailure("every layer's weights are ranked") }
      return try UnitScores(ranking, segment: segment, kinds[layer])
    }
    self.ranking = ranking
    self.kinds = kinds
    var first = 0
    keys = zip(scores, scores.dropFirst()).map { layer, next in
      defer { first += layer.outputs.count }
      return layer.outputs.indices.map { unit in
        if case .random = ranking.criterion {
          let chance = ranking.score.score(
            mean: 0, standardDeviation: 0, position: first + unit)
          return RankKey(score: chance)
        }
        // What reaches nothing was removed earlier.
        guard next.inputs[unit].count > 0 else { return .absent }
        return RankKey(score: layer.outputs[unit].value + next.inputs[unit].value)
      }
    }
  }

  /// Removes the fraction `sparsity` of the hidden units, those of smallest score, with all their weights.
  ///
  /// Exactly k = round-half-even(sparsity · N) units go; of equal ones, those of lower position. Units
  /// without outgoing weights go first, and go though they be more than k.
  ///
  /// - Parameters:
  ///   - sparsity: 0…1.
  ///   - scope: Over all hidden layers jointly, or each by itself.
  /// - Returns: What is removed.
  /// - Throws: ``PruningError/sparsityOutOfRange(_:)``; `PosteriorError` as ``Ranking`` does.
  public func pruning(
    atSparsity sparsity: Double, scope: Pruning.Scope = .global
  ) throws -> UnitPruning {
    try prunings(atSparsities: [sparsity], scope: scope)[0]
  }

  /// Removes each of several fractions of the hidden units; see ``pruning(atSparsity:scope:)``.
  ///
  /// - Parameters:
  ///   - sparsities: Each 0…1.
  ///   - scope: Over all hidden layers jointly, or each by itself.
  /// - Returns: What is removed at each sparsity.
  /// - Throws: ``PruningError/sparsityOutOfRange(_:)``; `PosteriorError` as ``Ranking`` does.
  public func prunings(
    atSparsities sparsities: [Double], scope: Pruning.Scope = .global
  ) throws -> [UnitPruning] {
    if let sparsity = sparsities.first(where: { !(0...1).contains($0) }) {
      throw PruningError.sparsityOutOfRange(sparsity)
    }
    let units = keys.enumerated().flatMap { layer, keys in
      keys.enumerated().map { (key: $1, layer: layer, unit: $0) }
    }
    let parts =
      scope == .global ? [units] : keys.indices.map { layer in units.filter { $0.layer == layer } }
    let orders = parts.map { part in
      part.sorted { ($0.key, $0.layer, $0.unit) < ($1.key, $1.layer, $1.unit) }
    }
    // What an earlier pruning removed stays removed.
    let unpruned = try ranking.pruning(atSparsity: 0)
    return sparsities.map { sparsity in
      var keeps = keys.map { [Bool](repeating: true, count: $0.count) }
      var threshold: Double?
      for order in orders {
        let wanted = Ranking.removedCount(atSparsity: sparsity, of: order.count)
        let removed = max(wanted, order.count { $0.key == .absent })
        for unit in order.prefix(removed) { keeps[unit.layer][unit.unit] = false }
        if scope == .global, removed > 0 { threshold = order[removed - 1].key.score }
      }
      return UnitPruning(
        pruning: pruning(keeping: keeps, of: unpruned),
        keptUnits: keeps.map { flags in flags.indices.filter { flags[$0] } },
        unitCounts: unitCounts, threshold: threshold)
    }
  }

  /// The units that the evidence can do without: those of which the weights' ΔF add up to 0 or less.
  ///
  /// A weight between two such units counts for both, which the sum over all units counts twice.
  ///
  /// Units without weights left count, as they are among those that every pruning removes first.
  ///
  /// - Returns: The number of units, in place of weights.
  /// - Throws: `PosteriorError` unless the criterion is Bayesian model reduction.
  public func evidenceCut() throws(PosteriorError) -> EvidenceCut {
    try ranking.criterion.checkSaysEvidence()
    // An absent unit has no score, costs nothing, and goes before all others (``prunings``).
    let scores = keys.joined().map(\.score)
    return EvidenceCut(
      weightCount: scores.count, removedCount: scores.count { ($0 ?? 0) <= 0 },
      gain: scores.reduce(0) { $0 - min($1 ?? 0, 0) })
  }

  /// The pruning that removes all weights of some units.
  private func pruning(keeping isKept: [[Bool]], of unpruned: Pruning) -> Pruning {
    var keeps = unpruned.keeps
    for segment in ranking.segments {
      let outputs = segment.layer < isKept.count ? isKept[segment.layer] : nil
      let inputs = segment.layer > 0 ? isKept[segment.layer - 1] : nil
      for (index, position) in segment.positions.enumerated() {
        if segment.isBias {
          if outputs?[index] == false { keeps[position] = false }
          continue
        }
        let (output, input) = kinds[segment.layer].units(at: index)
        if outputs?[output] == false || inputs?[input] == false { keeps[position] = false }
      }
    }
    return Pruning(
      criterion: unpruned.criterion, segments: unpruned.segments, keeps: keeps,
      removedCount: keeps.count - keeps.keptCount, threshold: nil)
  }
}
