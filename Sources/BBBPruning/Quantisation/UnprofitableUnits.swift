/// Hidden units that take more bytes than they are worth.
///
/// A unit whose outgoing weights are removed needs no incoming ones, and a unit without incoming weights is a
/// constant and joins the next biases. So all of a unit's bits can be saved for the price of removing the
/// weights on one side of it, though no single weight would be worth removing.
struct UnprofitableUnits {
  /// For each hidden layer, the units to lose their outgoing weights.
  private(set) var withoutOutgoing: [Set<Int>]
  /// For each hidden layer, the units to lose their incoming weights.
  private(set) var withoutIncoming: [Set<Int>]

  /// None yet.
  ///
  /// - Parameter layerCount: The number of layers; the last is not hidden.
  init(layerCount: Int) {
    withoutOutgoing = Array(repeating: [], count: layerCount - 1)
    withoutIncoming = withoutOutgoing
  }

  /// Adds those of a quantisation.
  ///
  /// - Parameter layers: The quantised layers, each feeding the next.
  mutating func insert(from layers: [QuantisedLayer]) {
    for (index, (incoming, outgoing)) in zip(layers, layers.dropFirst()).enumerated() {
      var units: [Int: (bits: Double, incoming: Double, outgoing: Double)] = [:]
      for weight in incoming.kept {
        units[weight.output, default: (0, 0, 0)].bits += weight.bitsCost + weight.roundingCost
        units[weight.output, default: (0, 0, 0)].incoming += weight.removalCost
      }
      for weight in outgoing.kept {
        units[weight.input, default: (0, 0, 0)].bits += weight.bitsCost + weight.roundingCost
        units[weight.input, default: (0, 0, 0)].outgoing += weight.removalCost
      }
      for (unit, cost) in units where min(cost.incoming, cost.outgoing) < cost.bits {
        if cost.outgoing <= cost.incoming {
          withoutOutgoing[index].insert(unit)
        } else {
          withoutIncoming[index].insert(unit)
        }
      }
    }
  }
}
