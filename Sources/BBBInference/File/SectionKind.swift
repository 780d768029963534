/// What a section of a `.bbbz` file holds.
///
/// A kind with the highest bit set is ancillary: a reader that does not know it skips it. Any other
/// unknown kind must be refused.
enum SectionKind: UInt8 {
  /// The layers' sizes and codings; the model's scale, output kind and origin.
  case network = 1
  /// Which weights of a layer are there.
  case connections = 2
  /// The weights of a layer.
  case values = 3
  /// The biases of a layer.
  case biases = 4

  static func isAncillary(_ code: UInt8) -> Bool { code & 0x80 != 0 }
}
