/// Which hidden units of a network are removed at a sparsity, and with them which weights.
public struct UnitPruning: Sendable {
  /// The weights removed: all that lead to or leave a unit that goes, and those removed earlier.
  ///
  /// It has no threshold, because no weight's own value decided.
  public let pruning: Pruning
  /// For each hidden layer, the units that stay, ascending.
  public let keptUnits: [[Int]]
  /// The number of units in each hidden layer before.
  public let unitCounts: [Int]
  /// The largest score of a unit removed; `nil` if none is, or if each layer has its own.
  public let threshold: Double?

  /// The number of hidden units that stay.
  public var keptCount: Int { keptUnits.reduce(0) { $0 + $1.count } }
  /// The number of hidden units before.
  public var unitCount: Int { unitCounts.reduce(0, +) }

  /// A description of the network, such as `784-400-10 relu`, with the sizes that are left.
  ///
  /// - Parameter network: Its first word is the sizes, with hyphens.
  /// - Returns: The same if its sizes are not those of this network.
  public func resized(_ network: String) -> String {
    var words = network.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    var sizes = words[0].split(separator: "-").map(String.init)
    guard sizes.dropFirst().dropLast().elementsEqual(unitCounts.map(String.init)) else {
      return network
    }
    sizes.replaceSubrange(1..<sizes.count - 1, with: keptUnits.map { "\($0.count)" })
    words[0] = sizes.joined(separator: "-")
    return words.joined(separator: " ")
  }

  /// The units that stay on both sides of a layer's weights; `nil` where all do, which are inputs or
  /// outputs of the network.
  ///
  /// - Parameter layer: The index of the layer.
  /// - Returns: Outputs and inputs of the layer.
  func keptUnits(around layer: Int) -> (outputs: [Int]?, inputs: [Int]?) {
    (
      layer < keptUnits.count ? keptUnits[layer] : nil, layer > 0 ? keptUnits[layer - 1] : nil
    )
  }
}
