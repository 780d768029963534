/// A sweep as a table for the terminal.
public enum SweepTable {
  /// Lays out one curve: what it is, the columns' names and units, the points.
  ///
  /// - Parameter curve: What to lay out.
  /// - Returns: Lines of plain text, numbers aligned at the right; up to 100 characters wide for
  ///   networks of up to ten million weights.
  public static func render(_ curve: SweepCurve) -> String {
    let images = curve.points.first.map { " (\(NumberText.grouped($0.images)) images)" } ?? ""
    let units: [TextTable.Column] = curve.hasUnits ? [.number("units", unit: "left")] : []
    var table = TextTable(
      units + [
        .number("sparsity", unit: "%"), .number("weights", unit: "left"),
        .number("threshold", unit: "dB"), .number("errors"), .number("error", unit: "%"),
        .number("95 % int.", unit: "%"), .number("NLL", unit: "nats"), .number("ECE", unit: "%"),
        .number("p-value"), .number("file", unit: "bytes"), .number("ratio"),
      ])
    let sparsityDecimals = NumberText.decimalsNeeded(curve.points.map { $0.sparsity * 100 })
    for point in curve.points {
      let units = point.units.map(NumberText.grouped) ?? NumberText.missing
      table.append((curve.hasUnits ? [units] : []) + cells(of: point, sparsityDecimals))
    }
    return """
      \(curve.checkpoint): \(NumberText.grouped(curve.weights)) prunable weights, \
      \(curve.convention) convention
      \(curve.hasUnits ? "hidden units " : "")ranked by \(curve.criterion), measured on \(curve.dataset)\(images)

      \(table.text)
      """
  }

  private static func percent(_ fraction: Double) -> String {
    NumberText.fixed(fraction * 100, decimals: 2)
  }

  private static func nats(_ nll: Double) -> String {
    NumberText.fixed(nll, decimals: nll < 10 ? 3 : 2)
  }

  private static func cells(of point: SweepPoint, _ sparsityDecimals: Int) -> [String] {
    return [
      NumberText.fixed(point.sparsity * 100, decimals: sparsityDecimals),
      NumberText.grouped(point.kept),
      NumberText.fixed(point.thresholdDecibels, decimals: 2),
      NumberText.grouped(point.errors),
      percent(point.error),
      "\(percent(point.errorLow))–\(percent(point.errorHigh))",
      nats(point.nll),
      percent(point.ece),
      point.pValue < 0.0001 ? "<0.0001" : NumberText.fixed(point.pValue, decimals: 4),
      NumberText.grouped(point.bytes),
      NumberText.ratio(point.ratio) + "×",
    ]
  }
}
