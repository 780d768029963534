#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The fields of one protobuf message in untrusted bytes, one after another.
struct ProtobufFields: IteratorProtocol, Sequence {
  /// One field.
  struct Field {
    /// The number of the field.
    let number: Int
    /// Where the field is, with its tag.
    let whole: Range<Int>
    /// Where the content is; of fields of a length that is written before it, without that.
    let content: Range<Int>
    /// Whether the content is bytes, text or a message.
    let isLengthDelimited: Bool
  }

  private let bytes: UnsafeRawBufferPointer
  private var position: Int
  private let end: Int
  /// Whether the bytes were no protobuf message at some place, where the fields then ended.
  private(set) var isDamaged = false

  /// Starts at the first field.
  ///
  /// - Precondition: The range is within the bytes.
  init(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next field; `nil` at the end, or where the bytes are damaged.
  mutating func next() -> Field? {
    guard position < end, !isDamaged else { return nil }
    let start = position
    guard let field = field(from: start) else {
      isDamaged = true
      return nil
    }
    position = field.whole.upperBound
    return field
  }

  private mutating func field(from start: Int) -> Field? {
    guard let tag = variableLengthInteger(), let number = Int(exactly: tag >> 3), number > 0 else {
      return nil
    }
    var contentStart = position
    let count: Int
    switch tag & 7 {
    case 0:
      guard variableLengthInteger() != nil else { return nil }
      count = position - contentStart
    case 1: count = 8
    case 2:
      guard let length = variableLengthInteger(), let bytes = Int(exactly: length) else {
        return nil
      }
      contentStart = position
      count = bytes
    case 5: count = 4
    default: return nil
    }
    guard count <= end - contentStart else { return nil }
    return Field(
      number: number, whole: start..<contentStart + count,
      content: contentStart..<contentStart + count, isLengthDelimited: tag & 7 == 2)
  }

  private mutating func variableLengthInteger() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard position < end else { return nil }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}

extension Data {
  /// Appends a field of bytes with its tag and length.
  mutating func appendField(_ number: Int, _ content: Data) {
    appendVariableLengthInteger(UInt64(number) << 3 | 2)
    appendVariableLengthInteger(UInt64(content.count))
    append(content)
  }

  private mutating func appendVariableLengthInteger(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }
}
