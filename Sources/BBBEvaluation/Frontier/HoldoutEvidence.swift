/// What the examples held out of a search show of the rise of the chosen file's error, and what they could show.
public struct HoldoutEvidence: Equatable, Sendable {
  /// By how much the error is above the unpruned network's: as a fraction of the examples, or of the root mean squared
  /// error.
  public let increase: PairedDifference
  /// By how much it may be.
  public let allowed: Double
  /// The least rise of an error rate that so many examples could show; `nil` of numbers, or if they could show none.
  public let leastRise: Double?
  /// How many examples could show that an error rate rises by no more than is allowed, if no answer changed; `nil` of
  /// numbers, or if none may rise, which no number of examples shows.
  public let fewestExamples: Int?

  /// Whether the examples show that the error rises by no more than is allowed, with 95 % confidence.
  public var holdsAllowance: Bool { increase.high <= allowed }

  /// Compares results on the examples held out.
  ///
  /// - Parameters:
  ///   - unpruned: The unpruned network's.
  ///   - file: The chosen file's, of the same kind.
  ///   - allowed: By how much the error may rise.
  init(_ unpruned: EvaluationResult, _ file: EvaluationResult, allowed: Double) {
    increase = PairedDifference(unpruned, file)
    self.allowed = allowed
    let isClassification = unpruned.classes != nil
    leastRise =
      isClassification ? McNemarTest.smallestSignificantIncrease(among: unpruned.count) : nil
    fewestExamples =
      isClassification && allowed > 0 && allowed <= 1
      ? PairedDifference.fewestExamples(showing: allowed) : nil
  }
}
