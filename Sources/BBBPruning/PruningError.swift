import BBBErrors

/// Why a posterior cannot be pruned as asked, or made compact, and what can be done instead.
public struct PruningError: CodedError {
  /// What can go wrong.
  public enum Code: ErrorCode {
    /// An option makes no sense, such as a sparsity outside 0…1.
    case invalidOption
    /// The network cannot be run, or not be written as asked.
    case notRunnable
    /// The network has no hidden units that could go as a whole.
    case withoutUnits
    /// A pruning leaves no unit in a hidden layer, so that no dense matrices are left.
    case emptyLayer

    /// What kind of failure it is.
    public var kind: ErrorKind {
      switch self {
      case .invalidOption: .usage
      case .notRunnable, .withoutUnits, .emptyLayer: .data
      }
    }
  }

  /// Which of them it is.
  public var code: Code
  /// The checkpoint, as the user named it; empty where no matter which it is.
  public var path: String
  /// What is wrong, where, and the remedy, without the path.
  public var message: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - code: What went wrong.
  ///   - path: The checkpoint, as the user named it; empty where no matter which it is.
  ///   - message: What is wrong, where, and the remedy, without the path.
  public init(_ code: Code, path: String = "", _ message: String) {
    self.code = code
    self.path = path
    self.message = message.asMessage
  }
}

extension PruningError {
  /// The error of a sparsity outside 0…1.
  package static func sparsityOutOfRange(_ sparsity: Double) -> PruningError {
    PruningError(
      .invalidOption,
      "sparsity \(sparsity) is not between 0 and 1: give the fraction of the weights to remove, "
        + "such as 0.95")
  }

  /// The error of a network that cannot be run; the reason says why and what can be done instead.
  static func notRunnable(path: String, reason: String) -> PruningError {
    PruningError(.notRunnable, path: path, "the network cannot be run: \(reason)")
  }

  /// The error of a network of which no units can be removed as a whole; the reason says why.
  static func withoutUnits(path: String, reason: String) -> PruningError {
    PruningError(
      .withoutUnits, path: path, "hidden units cannot be removed as a whole: \(reason)")
  }

  /// The error of a pruning that leaves no unit in a layer.
  static func emptyLayer(path: String, layer: String) -> PruningError {
    PruningError(
      .emptyLayer, path: path,
      "no unit is left of \(layer), so that no matrices are left to write; remove "
        + "fewer units, or each layer's own share with '--scope layer'")
  }
}
