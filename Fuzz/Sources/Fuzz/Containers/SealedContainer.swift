/// A file of parts that are compressed or have checksums, taken apart.
///
/// Plain mutation of such a file is refused before a parser sees it. A container gives the parts to
/// mutation as they are inside, and seals the result so that it is refused for no formal reason.
protocol SealedContainer: SendableMetatype {
  /// The parts, in file order.
  var parts: [ContainerPart] { get set }

  /// Takes a file apart; nil if it is not such a file.
  init?(_ bytes: [UInt8])

  /// Puts the parts together: compressed, with true sizes and checksums.
  func sealed() -> [UInt8]

  /// Makes the checksums of a file true again where it is still intact enough to find them.
  static func repairChecksums(_ bytes: inout [UInt8])
}

extension SealedContainer {
  static func repairChecksums(_ bytes: inout [UInt8]) {}
}

/// One part of a container.
struct ContainerPart {
  /// What the container says of the part, in bytes of its own choice: its kind, its name.
  var label: [UInt8]
  /// The bytes inside.
  var content: [UInt8]
}

extension [UInt8] {
  /// A little-endian number at a position; nil where there are too few bytes.
  func littleEndian(at position: Int, byteCount: Int) -> Int? {
    guard position >= 0, byteCount <= count - position else { return nil }
    return self[position..<position + byteCount].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// The lowest bytes of a number, least significant first.
  init(littleEndian value: Int, byteCount: Int) {
    self = (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
