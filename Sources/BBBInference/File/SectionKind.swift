/// What a section of a `.bbbz` file holds.
///
/// A kind with the highest bit set is ancillary: a reader that does not know it skips it. Any other
/// unknown kind must be refused.
enum SectionKind: UInt8 {
  /// The layers' sizes and codings; the model's scale, output kind and origin.
  case network = 1
  /// Which weights of a layer are there. Written by version 1.0; now part of ``layer``.
  case connections = 2
  /// The weights of a layer. Written by version 1.0; now part of ``layer``.
  case values = 3
  /// The biases of a layer. Written by version 1.0; now part of ``layer``.
  case biases = 4
  /// A layer's connections, values and biases.
  case layer = 5
  /// The standard deviations of a layer's weights and biases.
  case deviations = 128

  static func isAncillary(_ code: UInt8) -> Bool { code & 0x80 != 0 }
}
