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
  /// 0.001 nats, which error rates hardly show, or 1 % of the doubt that the network has where that is more; of numbers whose noise is
  /// not known, 1 % of their spread. For a network that diverges already, a quarter more than it does.
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
      output == .numbers(noiseDeviation: nil) ? 0.5e-4 : max(leastUsual, 0.01 * doubt)
    return .divergence(atMost: max(most, 1.25 * divergence))
  }

  /// The divergence that is asked for of a network that is sure.
  static let leastUsual = 0.001
}
