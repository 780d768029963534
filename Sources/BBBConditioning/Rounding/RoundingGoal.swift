import BBBNetwork

/// What a rounded network is to be.
public enum RoundingGoal: Hashable, Sendable {
  /// As small a file as there is whose outputs diverge by no more: KL(unpruned ‖ rounded) in nats per example, on examples that
  /// nothing was fitted to.
  case divergence(atMost: Double)
  /// As little divergence as there is in a file of no more bytes.
  case bytes(atMost: Int)

  /// What is asked for where nothing else is said.
  ///
  /// Of classes 1 % of the doubt that the network has itself: of a network that is sure of the examples it was trained on, both doubt and
  /// divergence are many times as large on others, and their ratio is the same. Of numbers 0.001 nats, or where their noise is not known 1 % of their
  /// spread. For a network that diverges already, a quarter more than it does.
  ///
  /// - Parameters:
  ///   - output: What the network's outputs are.
  ///   - doubt: The mean entropy of the unpruned network's outputs, in nats; 0 for numbers.
  ///   - divergence: The divergence before rounding.
  /// - Returns: The goal.
  static func usual(
    for output: OutputMeaning, doubt: Double, after divergence: Double
  ) -> RoundingGoal {
    let most =
      switch output {
      case .classes, .binary: max(shareOfDoubt * doubt, leastOfClasses)
      case .numbers(noiseDeviation: nil): 0.5e-4
      case .numbers, .meanAndLogVariance: ofNumbers
      }
    return .divergence(atMost: max(most, 1.25 * divergence))
  }

  private static let shareOfDoubt = 0.01
  /// What single precision can tell.
  private static let leastOfClasses = 1e-6
  private static let ofNumbers = 0.001
}
