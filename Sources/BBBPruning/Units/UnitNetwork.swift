import BBBNetwork
import BBBPosterior

/// A posterior's network and its units: which rows and columns of which tensors belong to which unit.
struct UnitNetwork: Sendable {
  let network: Network
  let spaces: UnitSpaces
  /// For each of the network's parameters, the number of the posterior's.
  let parameters: [Int]
  /// For each of the network's parameters, how the posterior's tensor is arranged.
  let shapes: [WeightShape]
  /// For each of the network's parameters, the channels of its columns.
  let columns: [MatrixColumns]
  /// The units of rows and columns, by the network's parameter.
  let places: UnitPlaces

  init(_ binding: NetworkBinding) {
    let network = binding.network
    let spaces = network.unitSpaces
    self.network = network
    self.spaces = spaces
    parameters = binding.parameters
    shapes = binding.weights
    columns = network.parameters.map { MatrixColumns(of: $0, in: network, spaces) }
    places = UnitPlaces(network, spaces, columns)
  }

  /// The spaces of units that can go: neither inputs nor outputs of the network.
  var freeSpaces: [UnitSpaces.Space] { spaces.spaces.filter(\.isFree) }
}
