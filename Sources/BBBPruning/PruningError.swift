/// Why a posterior cannot be pruned as asked, or made compact.
public enum PruningError: Error, Equatable, Sendable {
  /// The sparsity lies outside 0…1.
  case sparsityOutOfRange(Double)
  /// Another option makes no sense; the sentence says which, and what to give instead.
  case invalidOption(String)
  /// The network cannot be run; the reason says why and what can be done instead.
  case notRunnable(path: String, reason: String)
  /// The network has no hidden units that could go as a whole; the reason says why.
  case withoutUnits(path: String, reason: String)
  /// A pruning leaves no unit in a hidden layer, counted from 1, so that no dense matrices are left.
  case emptyLayer(path: String, layer: Int)
}

extension PruningError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .sparsityOutOfRange(let sparsity):
      "sparsity \(sparsity) is not between 0 and 1: give the fraction of the weights to remove, "
        + "such as 0.95"
    case .invalidOption(let sentence): sentence
    case .notRunnable(let path, let reason):
      "\(path): the network cannot be run: \(reason)"
    case .withoutUnits(let path, let reason):
      "\(path): hidden units cannot be removed as a whole: \(reason)"
    case .emptyLayer(let path, let layer):
      "\(path): no unit is left of hidden layer \(layer), so that no matrices are left to write; remove "
        + "fewer units, or each layer's own share with '--scope layer'"
    }
  }
}
