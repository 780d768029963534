/// Why a posterior cannot be pruned as asked, or made compact.
public enum PruningError: Error, Equatable, Sendable {
  /// The sparsity lies outside 0…1.
  case sparsityOutOfRange(Double)
  /// The network cannot be run; the reason says why and what can be done instead.
  case notRunnable(path: String, reason: String)
}

extension PruningError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .sparsityOutOfRange(let sparsity):
      "sparsity \(sparsity) is not between 0 and 1: give the fraction of the weights to remove, "
        + "such as 0.95"
    case .notRunnable(let path, let reason):
      "\(path): the network cannot be run: \(reason)"
    }
  }
}
