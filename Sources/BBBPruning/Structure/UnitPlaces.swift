import BBBNetwork

/// Which unit each row and each column of a network's matrices belongs to.
struct UnitPlaces: Sendable {
  /// By parameter, the unit of each row.
  let rows: [[Int]]
  /// By parameter, the unit of each column.
  let columns: [[Int]]
  /// The units of each space that can go: neither inputs nor outputs of the network.
  let freeSpaces: [Range<Int>]
  /// The number of all units.
  let unitCount: Int
}

extension UnitPlaces {
  /// Finds the units.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - spaces: Its units.
  ///   - columns: For each parameter, the channels of its columns.
  init(_ network: Network, _ spaces: UnitSpaces, _ columns: [MatrixColumns]) {
    rows = network.parameters.map { spaces.channels[$0.node + 1].map(\.unit) }
    self.columns = zip(network.parameters, columns).map { parameter, columns in
      let source = spaces.channels[network.nodes[parameter.node].inputs[0].index]
      return columns.channels.map { source[$0].unit }
    }
    freeSpaces = spaces.spaces.filter(\.isFree).map(\.units)
    unitCount = spaces.unitCount
  }
}
