#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// JSON as every report writes it.
package enum JSONText {
  /// Writes a value; the same value gives the same text.
  ///
  /// - Parameter value: What to write; JSON has no numbers that are not finite, so that it must hold
  ///   none (see `BinaryFloatingPoint.finite`).
  /// - Returns: The text: keys sorted, indented, with a newline at the end.
  /// - Throws: `EncodingError`.
  package static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}

extension BinaryFloatingPoint {
  /// The number as JSON can hold it; `nil`, which becomes `null`, if it is not finite.
  package var finite: Double? {
    let number = Double(self)
    return number.isFinite ? number : nil
  }
}
