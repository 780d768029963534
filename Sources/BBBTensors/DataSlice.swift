#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Data {
  /// A part of the data without a copy, at positions counted from its first byte.
  package func slice(_ range: Range<Int>) -> Data {
    self[startIndex + range.lowerBound..<startIndex + range.upperBound]
  }

  /// Whether the bytes at `position`, counted from the first byte, are these.
  func hasBytes(_ bytes: [UInt8], at position: Int = 0) -> Bool {
    position >= 0 && position <= count && count - position >= bytes.count
      && slice(position..<position + bytes.count).elementsEqual(bytes)
  }
}
