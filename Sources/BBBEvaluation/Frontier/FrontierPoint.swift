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
  /// The fraction of wrong answers on the examples searched on, or the root mean squared error of numbers.
  public let error: Double
  /// Whether the outputs do not depend on the inputs, by the file or on the examples searched on: such a file is never
  /// chosen.
  public let isConstant: Bool

  /// Whether the file may be chosen where the error may be so large.
  func isAcceptable(_ errorLimit: Double) -> Bool { error <= errorLimit && !isConstant }
}

/// What a search for the smallest file found.
public struct Frontier: Sendable {
  /// Every point measured, from the smallest file to the largest.
  public let points: [FrontierPoint]
  /// The points of which none is both smaller and no worse, those aside whose output is constant, from the smallest file to the largest.
  public var efficientPoints: [FrontierPoint] {
    var least = Double.infinity
    return points.filter { point in
      guard point.error < least, !point.isConstant else { return false }
      least = point.error
      return true
    }
  }
  /// The smallest file whose error is within the limit; `nil` if none is.
  public let chosen: FrontierPoint?
  /// The file chosen, and the model that it gives.
  public let export: ModelExport?
  /// The error, on the examples searched on, up to which a file was acceptable.
  public let errorLimit: Double
  /// The unpruned network on the examples searched on.
  public let searchedUnpruned: EvaluationResult
  /// The unpruned network on the examples held out.
  public let heldOutUnpruned: EvaluationResult
  /// The chosen file's model on the examples held out.
  public let heldOut: EvaluationResult?
  /// How many more errors the limit allows on the examples held out.
  public let heldOutAllowance: Int
  /// By how much the error may rise: a fraction of the examples, or of the unpruned root mean squared error.
  public let maximumErrorIncrease: Double
  /// What the examples held out show of the rise of the error; `nil` if no file was chosen.
  public var heldOutEvidence: HoldoutEvidence? {
    heldOut.map { HoldoutEvidence(heldOutUnpruned, $0, allowed: maximumErrorIncrease) }
  }

  /// Whether the examples held out contradict the choice: the errors there rise by more than is allowed, and by so much
  /// more that chance alone would bring it about less than once in ten times (exact one-sided McNemar test of what is
  /// beyond the allowance); of numbers, the whole 95 % interval of the rise lies above what is allowed.
  public var isContradicted: Bool {
    guard let heldOut else { return false }
    guard let unpruned = heldOutUnpruned.classes, let classes = heldOut.classes else {
      return PairedDifference(heldOutUnpruned, heldOut).low > maximumErrorIncrease
    }
    let test = McNemarTest(
      isCorrectFirst: unpruned.isCorrect, isCorrectSecond: classes.isCorrect)
    let excess = test.onlyFirst - heldOutAllowance
    guard excess > test.onlySecond else { return false }
    return McNemarTest(onlyFirst: excess, onlySecond: test.onlySecond).pValue / 2 < 0.1
  }
}
