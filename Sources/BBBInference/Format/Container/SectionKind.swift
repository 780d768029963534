/// What a section of a `.bbbz` file holds.
///
/// A kind with the highest bit set is ancillary: a reader that does not know it skips it. Any other
/// unknown kind must be refused.
enum SectionKind: UInt8 {
  /// What version 1 says of a model but for the weights; see ``graph``.
  case network = 1
  /// Which weights of a layer are there. Written by version 1.0; now part of ``parameter``.
  case connections = 2
  /// The weights of a layer. Written by version 1.0; now part of ``parameter``.
  case values = 3
  /// The biases of a layer. Written by version 1.0; now part of ``parameter``.
  case biases = 4
  /// A parameter's cost, connections, values and biases.
  case parameter = 5
  /// The means and deviations that inputs are normalised by.
  case inputScaling = 6
  /// The operations, and how the matrices are written; the factor for inputs, the meaning of the outputs, the origin.
  case graph = 7
  /// The standard deviations of a parameter's weights and biases.
  case deviations = 128
  /// The names and shapes of inputs and outputs.
  case ports = 129

  /// Whether a kind belongs to a parameter; the others belong to the network.
  static func isOfParameter(_ code: UInt8) -> Bool {
    ![network, inputScaling, graph, ports].map(\.rawValue).contains(code)
  }

  static func isAncillary(_ code: UInt8) -> Bool { code & 0x80 != 0 }
}
