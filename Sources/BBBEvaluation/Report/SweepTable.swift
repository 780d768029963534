/// A sweep as a table for the terminal.
public enum SweepTable {
  /// Lays out one curve: what it is, the columns' names and units, the points.
  ///
  /// - Parameter curve: What to lay out.
  /// - Returns: Lines of plain text, numbers aligned at the right; up to 100 characters wide for
  ///   networks of up to ten million weights. Where the files that an export writes by default were measured, a
  ///   second table tells of them.
  public static func render(_ curve: SweepCurve) -> String {
    let kind = curve.isNumeric ? "examples" : "images"
    let images = curve.points.first.map { " (\(NumberText.grouped($0.images)) \(kind))" } ?? ""
    let scores = columns(of: curve, isExport: false)
    var headers: [TextTable.Column] = curve.hasUnits ? [.number("units", unit: "left")] : []
    headers += [
      .number("sparsity", unit: "%"), .number("weights", unit: "left"),
      .number("threshold", unit: "dB"),
    ]
    headers += scores.map(\.header)
    var table = TextTable(headers)
    let sparsityDecimals = NumberText.decimalsNeeded(curve.points.map { $0.sparsity * 100 })
    for point in curve.points {
      var row = curve.hasUnits ? [point.units.map(NumberText.grouped) ?? NumberText.missing] : []
      row += [
        NumberText.fixed(point.sparsity * 100, decimals: sparsityDecimals),
        NumberText.grouped(point.kept), NumberText.fixed(point.thresholdDecibels, decimals: 2),
      ]
      row += scores.map { $0.cell(point.pruned) }
      table.append(row)
    }
    return """
      \(curve.checkpoint): \(NumberText.grouped(curve.weights)) prunable weights, \
      \(curve.convention) convention
      \(curve.hasUnits ? "hidden units " : "")ranked by \(curve.criterion), measured on \(curve.dataset)\(images)

      \(table.text)\(exportTable(curve, sparsityDecimals))
      """
  }

  /// What an export writes by default at each of the sparsities; empty if that was not measured.
  private static func exportTable(_ curve: SweepCurve, _ sparsityDecimals: Int) -> String {
    let points = curve.points.compactMap { point in point.exported.map { (point.sparsity, $0) } }
    guard !points.isEmpty else { return "" }
    let hasConstant = points.contains { $0.1.isConstant }
    let scores = columns(of: curve, isExport: true)
    var headers: [TextTable.Column] = [
      .number("asked", unit: "%"), .number("reached", unit: "%"), .number("weights", unit: "left"),
    ]
    headers += scores.map(\.header)
    if hasConstant { headers.append(.text("")) }
    var table = TextTable(headers)
    for (asked, file) in points {
      var row = [
        NumberText.fixed(asked * 100, decimals: sparsityDecimals), percent(file.sparsity),
        NumberText.grouped(file.kept),
      ]
      row += scores.map { $0.cell(file) }
      if hasConstant { row.append(file.isConstant ? "constant" : "") }
      table.append(row)
    }
    return """

      What 'export' writes by default, each weight rounded as coarsely as its σ allows
      (rise: upper end of the 95 % interval of the \(curve.isNumeric ? "RMSE" : "error") above the unpruned network's)

      \(table.text)
      """
  }

  /// A column of what is measured of a file.
  private struct Column {
    var header: TextTable.Column
    var cell: (MeasuredFile) -> String

    init(_ name: String, unit: String = "", _ cell: @escaping (MeasuredFile) -> String) {
      header = .number(name, unit: unit)
      self.cell = cell
    }
  }

  private static func columns(of curve: SweepCurve, isExport: Bool) -> [Column] {
    let size = [
      Column("file", unit: "bytes") { NumberText.grouped($0.bytes) },
      Column("ratio") { NumberText.ratio($0.ratio) + "×" },
    ]
    let likelihood = Column("NLL", unit: "nats") { nats($0.scores.nll) }
    guard !curve.isNumeric else {
      return [
        Column("RMSE") { NumberText.significant($0.scores.error, digits: 4) },
        Column("rise up to") { NumberText.significant($0.errorIncrease.high, digits: 2) },
        likelihood,
        Column("coverage", unit: "%") { percent($0.scores.numbers?.coverage) },
        Column("95 % width") {
          NumberText.significant($0.scores.numbers?.intervalWidth, digits: 4)
        },
      ] + size
    }
    let bound =
      isExport
      ? Column("rise up to", unit: "points") { percent($0.errorIncrease.high) }
      : Column("95 % int.", unit: "%") { "\(percent($0.errorLow))–\(percent($0.errorHigh))" }
    return [
      Column("errors") { $0.scores.classes.map { NumberText.grouped($0.errors) } ?? "" },
      Column("error", unit: "%") { percent($0.scores.error) },
      bound, likelihood,
      Column("ECE", unit: "%") { percent($0.scores.classes?.ece) },
      Column("p-value") { probability($0.pValue) },
    ] + size
  }

  private static func probability(_ value: Double?) -> String {
    guard let value else { return NumberText.missing }
    return value < 0.0001 ? "<0.0001" : NumberText.fixed(value, decimals: 4)
  }

  private static func percent(_ fraction: Double?) -> String {
    NumberText.fixed(fraction.map { $0 * 100 }, decimals: 2)
  }

  private static func nats(_ nll: Double?) -> String {
    NumberText.fixed(nll, decimals: (nll ?? 0) < 10 ? 3 : 2)
  }
}
