import BBBPruning

/// A network whose weights have taken over what was removed of it.
public struct ConditionedNetwork: Sendable {
  /// The network; removed weights are 0.
  public let network: DenseNetwork
  /// What is removed of it.
  public let pruning: Pruning
  /// How many examples it was fitted to.
  public let exampleCount: Int
  /// How many of them nothing was fitted to when the divergence was measured; all if there were none such.
  public let heldOutCount: Int
  /// KL(dense ‖ conditioned) of the outputs, in nats per example: on examples among these that nothing was fitted to when it was
  /// measured, before a last fit to all of them; `nil` of numbers whose noise is not known.
  public let divergence: Double?
  /// What the removals cost by the quadratic of a conditional order, in nats per example: at least that; `nil` of other criteria.
  public let predictedDivergence: Double?
  /// At what price weights were removed and rounded, the divergence being that of the rounded network; `nil` if they are not.
  public let price: RoundingPrice?
}
