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
    rows = network.parameters.map { parameter in
      spaces.rowChannels(of: parameter, in: network)
        .map { spaces.channels[parameter.node + 1][$0].unit }
    }
    self.columns = zip(network.parameters, columns).map { parameter, columns in
      guard let source = network.nodes[parameter.node].inputs.first else { return [] }
      return columns.channels.map { spaces.channels[source.index][$0].unit }
    }
    freeSpaces = spaces.spaces.filter(\.isFree).map(\.units)
    unitCount = spaces.unitCount
  }
}
