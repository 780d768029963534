#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads values one after another from untrusted bytes; running out of them is an error, never a trap.
struct ByteCursor {
  let data: Data
  /// The file the bytes come from, for messages.
  let path: String
  /// The part of the file the bytes are, for messages, such as `the zip directory`.
  let place: String
  /// The number of bytes read or skipped so far.
  private(set) var position = 0

  init(_ data: Data, path: String, place: String, position: Int = 0) {
    self.data = data
    self.path = path
    self.place = place
    self.position = min(max(position, 0), data.count)
  }

  /// The number of bytes not yet read.
  var remaining: Int { data.count - position }

  /// Reads one little-endian integer.
  mutating func integer<Value: FixedWidthInteger>(
    _ type: Value.Type
  ) throws(TensorFileError) -> Value {
    let size = MemoryLayout<Value>.size
    guard remaining >= size else { throw ended() }
    // SAFETY: `size` bytes remain behind `position`, as just checked.
    let value = data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: type) }
    position += size
    return Value(littleEndian: value)
  }

  /// Reads one byte.
  mutating func byte() throws(TensorFileError) -> UInt8 { try integer(UInt8.self) }

  /// Reads `count` bytes as a slice, without a copy.
  mutating func bytes(_ count: some BinaryInteger) throws(TensorFileError) -> Data {
    guard let count = Int(exactly: count), count >= 0, count <= remaining else { throw ended() }
    defer { position += count }
    return data.slice(position..<position + count)
  }

  /// Reads up to a line feed, which is consumed and not returned.
  mutating func line() throws(TensorFileError) -> Data {
    let rest = data.slice(position..<data.count)
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { throw ended() }
    let line = rest[rest.startIndex..<end]
    position += line.count + 1
    return line
  }

  private func ended() -> TensorFileError {
    TensorFileError(
      .malformed, path: path,
      "\(place) ends after \(data.count) bytes in the middle of a value; "
        + "the file is truncated or damaged, copy it again")
  }
}
