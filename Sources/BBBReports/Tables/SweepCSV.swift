import BBBEvaluation

/// A sweep as comma-separated values (quoting as in RFC 4180).
public enum SweepCSV {
  /// Writes one header, then one record for each point of each curve.
  ///
  /// The first column is the criterion, the others are those of the JSON; missing values are empty.
  ///
  /// - Parameter curves: What to write.
  /// - Returns: The text, each record ended by a line feed.
  public static func encode(_ curves: [SweepCurve]) -> String {
    let columns = SweepColumn.columns(for: curves.flatMap(\.points))
    var records = [["criterion"] + columns.map(\.name)]
    for curve in curves {
      for point in curve.points {
        records.append([quoted(curve.criterion)] + columns.map { text($0.value(point)) })
      }
    }
    return records.map { $0.joined(separator: ",") + "\n" }.joined()
  }

  private static func text(_ value: SweepColumn.Value) -> String {
    switch value {
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    case .flag(let value): "\(value)"
    case .missing: ""
    }
  }

  /// A field that may hold anything: quoted where a reader would take it for something else.
  private static func quoted(_ field: String) -> String {
    let isSpecial = field.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
    guard isSpecial else { return field }
    return "\""
      + field.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
