/// A sweep as a table for the terminal.
public enum SweepTable {
  private struct Column {
    let header: String
    let unit: String
    let cells: [String]
  }

  /// Lays out one curve: what it is, the columns' names and units, the points.
  ///
  /// - Parameter curve: What to lay out.
  /// - Returns: Lines of plain text, numbers aligned at the right; up to 100 characters wide for
  ///   networks of up to ten million weights.
  public static func render(_ curve: SweepCurve) -> String {
    let columns = columns(of: curve.points)
    let widths = columns.map { column in
      (column.cells + [column.header, column.unit]).map(\.count).max() ?? 0
    }
    func line(_ cell: (Column) -> String) -> String {
      let cells = zip(columns, widths).map { column, width in
        let text = cell(column)
        return String(repeating: " ", count: width - text.count) + text
      }
      return cells.joined(separator: "  ").trimmingTrailingSpaces()
    }
    let images = curve.points.first.map { " (\(NumberText.grouped($0.images)) images)" } ?? ""
    var lines = [
      "\(curve.checkpoint): \(NumberText.grouped(curve.weights)) prunable weights,"
        + " \(curve.convention) convention",
      "ranked by \(curve.criterion), measured on \(curve.dataset)\(images)",
      "", line(\.header), line(\.unit),
    ]
    lines += curve.points.indices.map { row in line { $0.cells[row] } }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func columns(of points: [SweepPoint]) -> [Column] {
    let sparsityDecimals = NumberText.decimalsNeeded(points.map { $0.sparsity * 100 })
    func column(_ header: String, _ unit: String, _ cell: (SweepPoint) -> String) -> Column {
      Column(header: header, unit: unit, cells: points.map(cell))
    }
    func percent(_ fraction: Double) -> String { NumberText.fixed(fraction * 100, decimals: 2) }
    func pValue(_ point: SweepPoint) -> String {
      if let value = point.pValue, value < 0.0001 { return "<0.0001" }
      return NumberText.fixed(point.pValue, decimals: 4)
    }
    return [
      column("sparsity", "%") {
        NumberText.fixed($0.sparsity * 100, decimals: sparsityDecimals)
      },
      column("weights", "left") { NumberText.grouped($0.kept) },
      column("threshold", "dB") { NumberText.fixed($0.thresholdDecibels, decimals: 2) },
      column("errors", "") { NumberText.grouped($0.errors) },
      column("error", "%") { percent($0.error) },
      column("95 % int.", "%") { "\(percent($0.errorLow))–\(percent($0.errorHigh))" },
      column("NLL", "nats") { NumberText.fixed($0.nll, decimals: $0.nll < 10 ? 3 : 2) },
      column("ECE", "%") { percent($0.ece) },
      column("p-value", "") { pValue($0) },
      column("file", "bytes") { NumberText.grouped($0.bytes) },
      column("ratio", "") { NumberText.ratio($0.ratio) + "×" },
    ]
  }
}
