import BBBNetwork
import BBBPosterior

/// The units of a network, ranked to be removed as a whole, for runtimes that want dense matrices.
///
/// A unit is an output of a linear layer or a channel of a convolution, wherever operations pass it on: what is added to it is
/// the same unit (`UnitSpaces`). Its score is the sum over the weights that lead to it and that leave it (``Criterion``);
/// a weight between two units counts for both. Biases do not count, as they are not ranked.
public struct UnitRanking: Sendable {
  /// Ranks the weights of the same posterior.
  private let ranking: Ranking
  private let network: UnitNetwork
  /// For each space of units that can go and each unit, the score as a number that orders like it.
  private let keys: [[RankKey]]

  /// The number of units in each space of units that can go.
  public var unitCounts: [Int] { keys.map(\.count) }
  /// The number of units that can go.
  public var count: Int { keys.reduce(0) { $0 + $1.count } }

  /// Ranks units.
  ///
  /// - Parameters:
  ///   - posterior: One whose network is known and has units besides inputs and outputs.
  ///   - ranking: Made from it.
  /// - Throws: `PruningError.Code.withoutUnits` if it is another kind of network;
  ///   `PosteriorError` about the first mean or standard deviation that is not valid.
  public init(_ posterior: Posterior, _ ranking: Ranking) throws {
    let network: UnitNetwork
    do {
      network = UnitNetwork(try posterior.binding.get())
    } catch {
      throw PruningError.withoutUnits(path: posterior.path, reason: error.reason)
    }
    let spaces = network.freeSpaces
    guard !spaces.isEmpty else {
      throw PruningError.withoutUnits(
        path: posterior.path,
        reason:
          "all its units are inputs or outputs, or joined with others that stay (by concatenation, heads, or layers that share weights), and none "
          + "can go by itself"
      )
    }
    if posterior.hasDeviations, let certain = posterior.parameters.first(where: \.isCertain) {
      throw PruningError.withoutUnits(
        path: posterior.path,
        reason:
          "the weights of \(certain.name) are certain (σ = 0) and stay, and with a unit they would go; "
          + "remove single weights")
    }
    let scores = try network.parameters.indices.map { index in
      if network.network.parameters[index].isConstant(in: network.network) {
        return UnitScores.none
      }
      let segment = ranking.segments.firstIndex {
        $0.parameter == network.parameters[index] && !$0.isBias
      }
      guard let segment else { preconditionFailure("every parameter's weights are ranked") }
      return try UnitScores(
        ranking, segment: segment, network.shapes[index], network.columns[index])
    }
    self.ranking = ranking
    self.network = network
    var first = 0
    keys = spaces.map { space in
      defer { first += space.units.count }
      return (0..<space.units.count).map { unit in
        if case .random = ranking.criterion {
          let chance = ranking.score.score(
            mean: 0, standardDeviation: 0, position: first + unit)
          return RankKey(score: chance)
        }
        var sum = UnitScores.Sum()
        for place in space.writers { sum.add(scores[place.parameter].rows[place.first + unit]) }
        var outgoing = UnitScores.Sum()
        for place in space.readers {
          outgoing.add(scores[place.parameter].channels[place.first + unit])
        }
        // What reaches nothing was removed earlier.
        guard outgoing.count > 0 else { return .absent }
        sum.add(outgoing)
        return RankKey(score: sum.value)
      }
    }
  }

  /// Removes the fraction `sparsity` of the units, those of smallest score, with all their weights.
  ///
  /// Exactly k = round-half-even(sparsity · N) units go; of equal ones, those of lower position. Units
  /// without outgoing weights go first, and go though they be more than k.
  ///
  /// - Parameters:
  ///   - sparsity: 0…1.
  ///   - scope: Over all spaces of units jointly, or each by itself.
  /// - Returns: What is removed.
  /// - Throws: `PruningError.Code.invalidOption`; `PosteriorError` as ``Ranking`` does.
  public func pruning(
    atSparsity sparsity: Double, scope: Pruning.Scope = .global
  ) throws -> UnitPruning {
    try prunings(atSparsities: [sparsity], scope: scope)[0]
  }

  /// Removes each of several fractions of the units; see ``pruning(atSparsity:scope:)``.
  ///
  /// - Parameters:
  ///   - sparsities: Each 0…1.
  ///   - scope: Over all spaces of units jointly, or each by itself.
  /// - Returns: What is removed at each sparsity.
  /// - Throws: `PruningError.Code.invalidOption`; `PosteriorError` as ``Ranking`` does.
  public func prunings(
    atSparsities sparsities: [Double], scope: Pruning.Scope = .global
  ) throws -> [UnitPruning] {
    if let sparsity = sparsities.first(where: { !(0...1).contains($0) }) {
      throw PruningError.sparsityOutOfRange(sparsity)
    }
    let units = keys.enumerated().flatMap { space, keys in
      keys.enumerated().map { (key: $1, space: space, unit: $0) }
    }
    let parts =
      scope == .global ? [units] : keys.indices.map { space in units.filter { $0.space == space } }
    let orders = parts.map { part in
      part.sorted { ($0.key, $0.space, $0.unit) < ($1.key, $1.space, $1.unit) }
    }
    // What an earlier pruning removed stays removed.
    let unpruned = try ranking.pruning(atSparsity: 0)
    return sparsities.map { sparsity in
      var keeps = keys.map { [Bool](repeating: true, count: $0.count) }
      var threshold: Double?
      for order in orders {
        let wanted = Ranking.removedCount(atSparsity: sparsity, of: order.count)
        let removed = max(wanted, order.count { $0.key == .absent })
        for unit in order.prefix(removed) { keeps[unit.space][unit.unit] = false }
        if scope == .global, removed > 0 { threshold = order[removed - 1].key.score }
      }
      let isKept = isKept(keeps)
      return UnitPruning(
        pruning: pruning(keeping: isKept, of: unpruned),
        keptUnits: keeps.map { flags in flags.indices.filter { flags[$0] } },
        layerNames: network.freeSpaces.map {
          network.network.parameters[$0.writers[0].parameter].name
        },
        unitCounts: unitCounts, threshold: threshold, network: network, isKept: isKept)
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

  /// Whether each unit of the network stays, by those of the spaces that can go.
  private func isKept(_ keeps: [[Bool]]) -> [Bool] {
    var isKept = [Bool](repeating: true, count: network.spaces.unitCount)
    for (space, keeps) in zip(network.freeSpaces, keeps) {
      isKept.replaceSubrange(space.units, with: keeps)
    }
    return isKept
  }

  /// The pruning that removes all weights of some units.
  private func pruning(keeping isKept: [Bool], of unpruned: Pruning) -> Pruning {
    var keeps = unpruned.keeps
    for segment in ranking.segments {
      guard let index = network.parameters.firstIndex(of: segment.parameter) else { continue }
      let rowIsKept = network.places.rows[index].map { isKept[$0] }
      let columnIsKept = network.places.columns[index].map { isKept[$0] }
      for (offset, position) in segment.positions.enumerated() {
        if segment.isBias {
          if !rowIsKept[offset] { keeps[position] = false }
          continue
        }
        let (row, column) = network.shapes[index].place(at: offset)
        if !rowIsKept[row] || !columnIsKept[column] { keeps[position] = false }
      }
    }
    return Pruning(
      criterion: unpruned.criterion, segments: unpruned.segments, keeps: keeps,
      removedCount: keeps.count - keeps.keptCount, threshold: nil)
  }
}
