/// Builds the bytes that ``ByteReader`` reads.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ more: some Sequence<UInt8>) {
    bytes.append(contentsOf: more)
  }

  mutating func append(_ byte: UInt8) {
    bytes.append(byte)
  }

  /// Appends a little-endian number.
  mutating func append(_ value: Int, byteCount: Int) {
    for index in 0..<byteCount { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }

  mutating func append(_ value: Float) {
    append(Int(value.bitPattern), byteCount: 4)
  }

  mutating func append(_ value: Double) {
    let pattern = value.bitPattern
    for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: pattern >> (8 * index))) }
  }

  mutating func appendVariableLength(_ value: Int) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
