import BBBNetwork

/// What a file says of a model but for the weights: all that the other sections' sizes follow from.
struct ModelDescription: Equatable {
  /// How a parameter's weights are written.
  struct Matrix: Equatable {
    var connectionCoding: ConnectionCoding
    var valueEncoding: ValueEncoding
    var weightCount: Int
  }

  var output: OutputMeaning
  /// What a byte of input is multiplied by, before it is normalised if it is.
  var inputFactor: Double
  var origin: CompactModel.Origin
  var network: Network
  /// By parameter.
  var matrices: [Matrix]

  /// The rows and columns of a parameter, and the columns that belong to one unit of what it reads.
  func extents(ofParameter index: Int) -> MatrixExtents {
    MatrixExtents(network, parameter: index)
  }
}

/// The sizes of a matrix, and how its columns belong together.
struct MatrixExtents: Equatable {
  var rows: Int
  var columns: Int
  /// The columns of one unit: the kernel's cells, or the positions of what was flattened for a linear layer.
  var taps: Int

  /// The units that the columns belong to.
  var units: Int { taps == 0 ? 0 : columns / taps }
}

extension MatrixExtents {
  /// The sizes of a network's parameter.
  init(_ network: Network, parameter index: Int) {
    let parameter = network.parameters[index]
    rows = parameter.weights.rows
    columns = parameter.weights.columnCount
    taps = parameter.weights.taps
    // A linear layer has as many columns for a channel as were flattened.
    if case .node(let number)? = network.nodes[parameter.node].inputs.first,
      case .flatten = network.nodes[number].operation
    {
      taps = network.shape(of: network.nodes[number].inputs[0]).positionCount
    }
  }
}
