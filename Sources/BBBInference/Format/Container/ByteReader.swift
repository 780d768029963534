/// Reads little-endian numbers from untrusted bytes; every read checks what is left.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int
  /// What the bytes are, for messages.
  private let subject: String

  init(_ bytes: ArraySlice<UInt8>, subject: String) {
    self.bytes = bytes
    self.position = bytes.startIndex
    self.subject = subject
  }

  var remainingCount: Int { bytes.endIndex - position }
  /// What is left, without taking it.
  var rest: ArraySlice<UInt8> { bytes[position...] }

  mutating func take(_ count: Int) throws(CompactModelError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remainingCount else {
      throw CompactModelError(
        .malformed, "the \(subject) ends too early; the file is truncated, copy it again")
    }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  mutating func byte() throws(CompactModelError) -> UInt8 {
    let taken = try take(1)
    return taken[taken.startIndex]
  }

  /// A little-endian number of `byteCount` (at most 7) bytes.
  mutating func integer(byteCount: Int) throws(CompactModelError) -> Int {
    try take(byteCount).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  mutating func float() throws(CompactModelError) -> Float {
    Float(bitPattern: try take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) })
  }

  mutating func double() throws(CompactModelError) -> Double {
    Double(bitPattern: try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// A number in seven-bit groups, least significant first; the high bit says that more follow.
  mutating func variableLengthInteger() throws(CompactModelError) -> Int {
    var result = 0
    for shift in stride(from: 0, to: 56, by: 7) {
      let next = try byte()
      result |= Int(next & 0x7F) << shift
      if next & 0x80 == 0 { return result }
    }
    throw CompactModelError(
      .malformed, "the \(subject) holds a number of more than 56 bits; the file is damaged")
  }
}
