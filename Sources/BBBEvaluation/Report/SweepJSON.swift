#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A sweep as JSON: one curve is one object; several are in the array `curves` of an object.
public enum SweepJSON {
  private struct Curves: Codable {
    var curves: [SweepCurve]
  }

  /// Writes curves; the same curves give the same text.
  ///
  /// - Parameter curves: What to write.
  /// - Returns: The text: keys sorted, indented, with a newline at the end.
  /// - Throws: `EncodingError`; measurements that are not finite do not cause it, being `null`.
  public static func encode(_ curves: [SweepCurve]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data =
      curves.count == 1
      ? try encoder.encode(curves[0]) : try encoder.encode(Curves(curves: curves))
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  /// Reads curves that ``encode(_:)`` wrote.
  ///
  /// - Parameter text: One curve, or an object with the array `curves`.
  /// - Returns: The curves.
  /// - Throws: `DecodingError` if the text is not JSON or a key is missing.
  public static func decode(_ text: String) throws -> [SweepCurve] {
    let data = Data(text.utf8)
    let decoder = JSONDecoder()
    if let several = try? decoder.decode(Curves.self, from: data) { return several.curves }
    return [try decoder.decode(SweepCurve.self, from: data)]
  }
}
