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
  public let keeps: [Bool]
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

  /// Whether each element of a layer's weight (or bias) stays; `nil` if that tensor is not prunable.
  ///
  /// - Parameters:
  ///   - layer: The index of the layer.
  ///   - isBias: Whether the bias is meant.
  /// - Returns: A flag per element, row-major.
  public func mask(ofLayer layer: Int, isBias: Bool = false) -> ArraySlice<Bool>? {
    segments.first { $0.layer == layer && $0.isBias == isBias }.map { keeps[$0.positions] }
  }
}

extension Pruning {
  /// A pruning that removes more.
  ///
  /// - Parameter keeps: Whether the weight at each position stays; only such as stay now.
  /// - Returns: The pruning; the threshold remains that of the weights removed by rank.
  func removing(_ keeps: [Bool]) -> Pruning {
    Pruning(
      criterion: criterion, segments: segments, keeps: keeps, removedCount: keeps.count { !$0 },
      threshold: threshold)
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
  /// - Throws: ``PruningError/sparsityOutOfRange(_:)``.
  public func pruning(
    atSparsity sparsity: Double, scope: Pruning.Scope = .global
  ) throws(PruningError) -> Pruning {
    guard (0...1).contains(sparsity) else { throw .sparsityOutOfRange(sparsity) }
    var keeps = [Bool](repeating: true, count: keys.count)
    var threshold: Double?
    let parts = scope == .global ? [0..<keys.count] : segments.map(\.positions)
    for part in parts {
      guard let selection = selection(atSparsity: sparsity, in: part) else { continue }
      selection.clear(keys[part], in: &keeps)
      if scope == .global { threshold = Self.score(key: selection.key) }
    }
    for position in keys.indices where keys[position] == Self.absentKey {
      keeps[position] = false
    }
    return Pruning(
      criterion: criterion, segments: segments, keeps: keeps,
      removedCount: keeps.count { !$0 }, threshold: threshold)
  }

  /// The cut that removes a fraction of the keys at some positions; `nil` if it removes none.
  func selection(atSparsity sparsity: Double, in positions: Range<Int>) -> Selection? {
    Selection(
      removing: Self.removedCount(atSparsity: sparsity, of: positions.count), of: keys[positions])
  }

  /// How many of `count` weights a sparsity removes: round-half-even(sparsity · count).
  package static func removedCount(atSparsity sparsity: Double, of count: Int) -> Int {
    Int((sparsity * Double(count)).rounded(.toNearestOrEven))
  }
}
