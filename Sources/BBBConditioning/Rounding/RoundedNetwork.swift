import BBBPruning

/// A network whose weights were removed and rounded at one price of a bit, as a file.
public struct RoundedNetwork: Sendable {
  /// The network; removed weights are 0.
  public let network: ConditionedNetwork
  /// Its file, values bit for bit.
  public let export: ModelExport
  /// KL(unpruned ‖ rounded) of the outputs, in nats per example, on examples that nothing was fitted to; of numbers whose noise is
  /// not known, with the spread of the unpruned network's outputs as noise.
  public let divergence: Double
  /// What was asked for.
  public let goal: RoundingGoal

  /// Whether it is what was asked for.
  public var holdsGoal: Bool {
    switch goal {
    case .divergence(let most): divergence <= most
    case .bytes(let most): export.file.count <= most
    }
  }

  /// Whether it is nearer to what is wanted than another: smaller, or less far from the unpruned network.
  func isBetter(than other: RoundedNetwork) -> Bool {
    guard holdsGoal == other.holdsGoal else { return holdsGoal }
    let byBytes: Bool
    switch goal {
    case .divergence: byBytes = holdsGoal
    case .bytes: byBytes = !holdsGoal
    }
    return byBytes
      ? export.file.count < other.export.file.count
      : divergence < other.divergence
  }
}
