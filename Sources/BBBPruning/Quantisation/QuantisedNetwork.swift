import BBBInference

/// A pruned network whose weights are rounded.
struct QuantisedNetwork: Sendable {
  /// The network as it runs, with standard deviations, and hidden units in the order of the dense network; its origin
  /// tells what quantisation costs.
  let model: CompactModel
  /// What is removed: by the pruning asked for, and by quantisation.
  let pruning: Pruning
  /// How it was rounded, and what that changes.
  let quantisation: Quantisation
}

/// How a network was quantised, and what that changes.
public struct Quantisation: Hashable, Sendable {
  /// How finely weights are rounded.
  public let precision: Precision
  /// By how much the outputs change: for classes the mean total variation between the class probabilities before
  /// and after, for numbers the root mean square difference as a fraction of the output's standard deviation.
  public let outputChange: Double
  /// The change up to which a precision is acceptable where it is chosen.
  public let ceiling: Double
  /// Whether the change is that on given inputs, or on synthetic ones.
  public let isCalibrated: Bool

  /// Whether the change is within the ceiling.
  public var holdsCeiling: Bool { outputChange <= ceiling }
}
