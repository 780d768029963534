/// Which weights of a posterior are removed at a sparsity.
public struct Pruning: Sendable {
  /// Over what the sparsity is met.
  public enum Scope: String, CaseIterable, Sendable {
    /// All layers jointly: one threshold.
    case global
    /// Each tensor by itself.
    case layer
  }

  /// What ranked the weights.
  public let criterion: Criterion
  /// The prunable tensors, in order.
  public let segments: [Ranking.Segment]
  /// Whether the weight at each position stays.
  public let keeps: Mask
  /// The number of weights removed.
  public let removedCount: Int
  /// The largest criterion value removed; `nil` if nothing is, or if each layer has its own.
  public let threshold: Double?

  /// The number of weights that stay.
  public var keptCount: Int { keeps.count - removedCount }
  /// The fraction of the prunable weights that is removed.
  public var sparsity: Double {
    keeps.isEmpty ? 0 : Double(removedCount) / Double(keeps.count)
  }
  /// The threshold in decibels; `nil` if there is none, or it is zero, or no ratio.
  public var thresholdDecibels: Double? {
    criterion.isRatio ? threshold.flatMap(decibels) : nil
  }

  /// Whether each element of a parameter's weight (or bias) stays; `nil` if that tensor is not prunable.
  ///
  /// - Parameters:
  ///   - parameter: The number of the posterior's parameter.
  ///   - isBias: Whether the bias is meant.
  /// - Returns: A flag per element, row-major.
  public func mask(ofParameter parameter: Int, isBias: Bool = false) -> Mask? {
    positions(ofParameter: parameter, isBias: isBias).map { keeps.part($0) }
  }

  /// The positions of a parameter's weight (or bias); `nil` if that tensor is not prunable.
  func positions(ofParameter parameter: Int, isBias: Bool = false) -> Range<Int>? {
    segments.first { $0.parameter == parameter && $0.isBias == isBias }?.positions
  }
}

extension Pruning {
  /// A pruning of the same tensors that leaves other weights.
  ///
  /// - Parameters:
  ///   - masks: For some of the posterior's parameters, which weights stay, row-major; the threshold does not tell them.
  ///   - criterion: What chose them; `nil` for what chose those before.
  /// - Returns: The pruning.
  package func replacing(_ masks: [Int: Mask], by criterion: Criterion? = nil) -> Pruning {
    var keeps = keeps
    for segment in segments where !segment.isBias {
      guard let mask = masks[segment.parameter] else { continue }
      for (position, isKept) in zip(segment.positions, mask) { keeps[position] = isKept }
    }
    return Pruning(
      criterion: criterion ?? self.criterion, segments: segments, keeps: keeps,
      removedCount: keeps.count - keeps.keptCount, threshold: nil)
  }

  /// A pruning that removes more.
  ///
  /// - Parameter keeps: Whether the weight at each position stays; only such as stay now.
  /// - Returns: The pruning; the threshold remains that of the weights removed by rank.
  func removing(_ keeps: Mask) -> Pruning {
    Pruning(
      criterion: criterion, segments: segments, keeps: keeps,
      removedCount: keeps.count - keeps.keptCount, threshold: threshold)
  }
}

extension Ranking {
  /// Removes the fraction `sparsity` of the weights, those of smallest criterion.
  ///
  /// Exactly k = round-half-even(sparsity · N) weights go; of equal ones, those of lower position.
  /// Weights that an earlier pruning removed go first, and stay removed though they be more than k.
  ///
  /// - Parameters:
  ///   - sparsity: 0…1.
  ///   - scope: Over all layers jointly, or each by itself.
  /// - Returns: What is removed.
  /// - Throws: `PruningError.Code.invalidOption`; `PosteriorError` about the first mean or
  ///   standard deviation that cannot be read or is not valid.
  public func pruning(
    atSparsity sparsity: Double, scope: Pruning.Scope = .global
  ) throws -> Pruning {
    try prunings(atSparsities: [sparsity], scope: scope)[0]
  }

  /// Removes each of several fractions of the weights; see ``pruning(atSparsity:scope:)``.
  ///
  /// The weights are read once for all of them.
  ///
  /// - Parameters:
  ///   - sparsities: Each 0…1.
  ///   - scope: Over all layers jointly, or each by itself.
  /// - Returns: What is removed at each sparsity.
  /// - Throws: `PruningError.Code.invalidOption`; `PosteriorError` about the first mean or
  ///   standard deviation that cannot be read or is not valid.
  public func prunings(
    atSparsities sparsities: [Double], scope: Pruning.Scope = .global
  ) throws -> [Pruning] {
    if let sparsity = sparsities.first(where: { !(0...1).contains($0) }) {
      throw PruningError.sparsityOutOfRange(sparsity)
    }
    let parts = scope == .global ? [0..<count] : segments.map(\.positions)
    let wanted = parts.flatMap { part in
      searches(
        removing: sparsities.map { Self.removedCount(atSparsity: $0, of: part.count) }, of: part)
    }
    let cuts = try cuts(wanted, wantsMask: true)
    return sparsities.indices.map { index in
      var keeps = Mask(repeating: false, count: count)
      var removedCount = 0
      var threshold: Double?
      // The searches in a part are one for each sparsity.
      for cut in stride(from: index, to: cuts.count, by: sparsities.count).map({ cuts[$0] }) {
        cut.keep(in: &keeps)
        removedCount += cut.removedCount
        if scope == .global { threshold = cut.cut.key.score.map(score.value) }
      }
      return Pruning(
        criterion: criterion, segments: segments, keeps: keeps, removedCount: removedCount,
        threshold: threshold)
    }
  }

  /// How many of `count` weights a sparsity removes: round-half-even(sparsity · count).
  package static func removedCount(atSparsity sparsity: Double, of count: Int) -> Int {
    Int((sparsity * Double(count)).rounded(.toNearestOrEven))
  }
}
