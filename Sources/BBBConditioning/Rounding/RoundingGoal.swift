import BBBNetwork

/// What a rounded network is to be.
public enum RoundingGoal: Hashable, Sendable {
  /// As small a file as there is whose outputs diverge by no more: KL(unpruned ‖ rounded) in nats per example, on examples that
  /// nothing was fitted to.
  case divergence(atMost: Double)
  /// As little divergence as there is in a file of no more bytes.
  case bytes(atMost: Int)

  /// What is asked for where nothing else is said: 0.001 nats for what has a likelihood, which error rates hardly show; of numbers
  /// whose noise is not known, 1 % of their spread.
  ///
  /// - Parameter output: What the network's outputs are.
  /// - Returns: The goal.
  public static func standard(for output: OutputMeaning) -> RoundingGoal {
    .divergence(atMost: output == .numbers(noiseDeviation: nil) ? 0.5e-4 : 0.001)
  }

  /// The goal for a network that diverges already: a quarter more than it does.
  func relaxed(for divergence: Double) -> RoundingGoal {
    guard case .divergence(let most) = self else { return self }
    return .divergence(atMost: max(most, 1.25 * divergence))
  }
}
