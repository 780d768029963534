import BBBEvaluation

/// A sweep as JSON: one curve is one object; several are in the array `curves` of an object.
public enum SweepJSON {
  private struct Curves: Encodable {
    var curves: [SweepCurve]
  }

  /// Writes curves; the same curves give the same text.
  ///
  /// - Parameter curves: What to write.
  /// - Returns: The text: keys sorted, indented, with a newline at the end.
  /// - Throws: `EncodingError`; measurements that are not finite do not cause it, being `null`.
  public static func encode(_ curves: [SweepCurve]) throws -> String {
    curves.count == 1
      ? try JSONText.encode(curves[0]) : try JSONText.encode(Curves(curves: curves))
  }
}
