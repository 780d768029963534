import BBBPruning

/// One way to store a network: what it was asked for, what came of it.
public struct FrontierPoint: Sendable {
  /// The sparsity asked for: a floor.
  public let sparsityAsked: Double
  /// The fraction of the prunable weights that is removed.
  public let sparsity: Double
  /// How the file holds values.
  public let storage: ValueStorage
  /// The weights left.
  public let weights: Int
  /// The size of the file.
  public let bytes: Int
  /// Wrong answers on the examples searched on.
  public let errors: Int
}

/// What a search for the smallest file found.
public struct Frontier: Sendable {
  /// Every point measured, from the smallest file to the largest.
  public let points: [FrontierPoint]
  /// The points of which none is both smaller and no worse, from the smallest file to the largest.
  public var efficientPoints: [FrontierPoint] {
    var fewest = Int.max
    return points.filter { point in
      guard point.errors < fewest else { return false }
      fewest = point.errors
      return true
    }
  }
  /// The smallest file whose errors are within the limit; `nil` if none is.
  public let chosen: FrontierPoint?
  /// The file chosen, and the model that it gives.
  public let export: ModelExport?
  /// The error count, on the examples searched on, up to which a file was acceptable.
  public let errorLimit: Int
  /// The unpruned network on the examples searched on.
  public let searchedUnpruned: ClassificationResult
  /// The unpruned network on the examples held out.
  public let heldOutUnpruned: ClassificationResult
  /// The chosen file's model on the examples held out.
  public let heldOut: ClassificationResult?
  /// By how many more errors, on the examples held out, the limit allows.
  public let heldOutAllowance: Int

  /// Whether the examples held out contradict the choice: the errors there rise by more than is allowed, and by so much
  /// more that chance alone would bring it about less than once in ten times (exact one-sided McNemar test of what is
  /// beyond the allowance).
  public var isContradicted: Bool {
    guard let heldOut else { return false }
    let test = McNemarTest(
      isCorrectFirst: heldOutUnpruned.isCorrect, isCorrectSecond: heldOut.isCorrect)
    let excess = test.onlyFirst - heldOutAllowance
    guard excess > test.onlySecond else { return false }
    return McNemarTest(onlyFirst: excess, onlySecond: test.onlySecond).pValue / 2 < 0.1
  }
}
