import BBBNetwork

/// Which units of a network are removed at a sparsity, and with them which weights.
public struct UnitPruning: Sendable {
  /// The weights removed: all that lead to or leave a unit that goes, and those removed earlier.
  ///
  /// It has no threshold, because no weight's own value decided.
  public let pruning: Pruning
  /// For each space of units that can go (`UnitSpaces`), the units that stay, numbered within it, ascending; of a multilayer
  /// perceptron these spaces are the hidden layers.
  public let keptUnits: [[Int]]
  /// For each of these spaces, the layer whose rows its units are; the first, where several make them together.
  public let layerNames: [String]
  /// The number of units in each of these spaces before.
  public let unitCounts: [Int]
  /// The largest score of a unit removed; `nil` if none is, or if each space has its own.
  public let threshold: Double?
  /// The network whose units they are.
  let network: UnitNetwork
  /// Whether each unit of the network stays.
  let isKept: [Bool]

  /// The number of units that can go and stay.
  public var keptCount: Int { keptUnits.reduce(0) { $0 + $1.count } }
  /// The number of units before.
  public var unitCount: Int { unitCounts.reduce(0, +) }

  /// The network that is left: with fewer rows and columns, and otherwise the same.
  ///
  /// - Precondition: No convolution has groups, of which units can leave as many each only by chance.
  public var networkLeft: Network { network.network.keeping(isKept, of: network.spaces) }
}
