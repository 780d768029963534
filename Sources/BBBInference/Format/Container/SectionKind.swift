/// What a section of a `.bbbz` file holds.
///
/// A kind with the highest bit set is ancillary: a reader that does not know it skips it. Any other
/// unknown kind must be refused.
enum SectionKind: UInt8 {
  /// The layers' sizes and codings; the model's factor for inputs, the meaning of its outputs, its origin.
  case network = 1
  /// Which weights of a layer are there. Written by version 1.0; now part of ``layer``.
  case connections = 2
  /// The weights of a layer. Written by version 1.0; now part of ``layer``.
  case values = 3
  /// The biases of a layer. Written by version 1.0; now part of ``layer``.
  case biases = 4
  /// A layer's connections, values and biases.
  case layer = 5
  /// The means and deviations that inputs are normalised by.
  case inputScaling = 6
  /// The standard deviations of a layer's weights and biases.
  case deviations = 128

  /// Whether a kind belongs to a layer; the others belong to the network.
  static func isOfLayer(_ code: UInt8) -> Bool {
    code != network.rawValue && code != inputScaling.rawValue
  }

  static func isAncillary(_ code: UInt8) -> Bool { code & 0x80 != 0 }
}
