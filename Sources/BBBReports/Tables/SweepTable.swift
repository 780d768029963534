import BBBEvaluation

/// A sweep as a table for the terminal.
public enum SweepTable {
  /// What shows the columns that have no room.
  private static let elsewhere = "--csv and --json"

  /// Lays out one curve: what it is, the columns' names and units, the points.
  ///
  /// - Parameters:
  ///   - curve: What to lay out.
  ///   - width: How many characters a row may have, at least 40.
  /// - Returns: Lines of plain text, numbers aligned at the right. Where the files that an export writes by default were
  ///   measured, a second table tells of them.
  public static func render(_ curve: SweepCurve, width: Int = 80) -> String {
    let images =
      curve.points.first.map {
        " (\(NumberText.grouped($0.images)) \($0.images == 1 ? "example" : "examples"))"
      } ?? ""
    let units: [TextTable.Column] = curve.hasUnits ? [.number("units", unit: "left")] : []
    let scores: [TextTable.Column] =
      curve.isNumeric
      ? [
        .number("RMSE"), .number("95 % int.", omission: 6),
        .number("NLL", unit: "nats", omission: 5),
        .number("coverage", unit: "%", omission: 3),
      ]
      : [
        .number("errors", omission: 4), .number("error", unit: "%"),
        .number("95 % int.", unit: "%", omission: 6), .number("NLL", unit: "nats", omission: 5),
        .number("ECE", unit: "%", omission: 3), .number("p-value", omission: 2),
      ]
    var table = TextTable(
      units + [
        .number("sparsity", unit: "%"), .number("weights", unit: "left", omission: 8),
        .number("threshold", unit: "dB", omission: 1),
      ] + scores + conditioned(curve) + [
        .number("file", unit: "bytes"), .number("ratio", omission: 7),
      ])
    let sparsityDecimals = NumberText.decimalsNeeded(curve.points.map { $0.sparsity * 100 })
    for point in curve.points {
      let units = point.units.map(NumberText.grouped) ?? NumberText.missing
      table.append(
        (curve.hasUnits ? [units] : [])
          + cells(of: point, sparsityDecimals, isConditioned: curve.calibration != nil))
    }
    return """
      \(curve.checkpoint): \(NumberText.grouped(curve.weights)) prunable weights, \
      \(curve.convention) convention
      \(curve.hasUnits ? "hidden units " : "")ranked by \(curve.criterion), measured on \(curve.dataset)\(images)\(calibration(curve))

      \(table.text(width: width, elsewhere: elsewhere))\(exportTable(curve, sparsityDecimals, width))
      """
  }

  /// What is told of networks that were conditioned: the error without it, and how far outputs diverge.
  private static func conditioned(_ curve: SweepCurve) -> [TextTable.Column] {
    guard curve.calibration != nil else { return [] }
    return [
      curve.isNumeric ? .number("cut RMSE") : .number("cut", unit: "%"),
      .number("KL", unit: "nats", omission: 4), .number("KL ≥", unit: "nats", omission: 3),
    ]
  }

  private static func calibration(_ curve: SweepCurve) -> String {
    guard let calibration = curve.calibration else { return "" }
    return """
      ,
      what is left conditioned on \(NumberText.grouped(calibration.count)) unlabelled examples of \(calibration.name)
      (cut: the error without that\(curve.criterion == "conditional" ? ", of a cut by |μ|/σ, or |μ| without σ" : ""); KL: from the \
      unpruned network's outputs; ≥: predicted)
      """
  }

  /// What an export writes by default at each of the sparsities; empty if that was not measured.
  private static func exportTable(
    _ curve: SweepCurve, _ sparsityDecimals: Int, _ width: Int
  ) -> String {
    let points = curve.points.compactMap { point in point.exported.map { (point.sparsity, $0) } }
    guard !points.isEmpty else { return "" }
    let hasConstant = points.contains { $0.1.isConstant }
    let scores: [TextTable.Column] =
      curve.isNumeric
      ? [
        .number("RMSE"), .number("rise up to", unit: "%", omission: 6),
        .number("NLL", unit: "nats", omission: 4), .number("coverage", unit: "%", omission: 2),
      ]
      : [
        .number("errors", omission: 3), .number("error", unit: "%"),
        .number("rise up to", unit: "points", omission: 6),
        .number("NLL", unit: "nats", omission: 4), .number("ECE", unit: "%", omission: 2),
        .number("p-value", omission: 1),
      ]
    var table = TextTable(
      [
        .number("asked", unit: "%"), .number("reached", unit: "%", omission: 8),
        .number("weights", unit: "left", omission: 5),
      ] + scores + [.number("file", unit: "bytes"), .number("ratio", omission: 7)]
        + (hasConstant ? [.text("")] : []))
    for (asked, file) in points {
      let scores =
        numericScores(file, percent(file.errorIncrease.high))
        ?? [
          NumberText.grouped(file.scores.errors ?? 0), percent(file.scores.error),
          percent(file.errorIncrease.high), nats(file.scores.nll), percent(file.scores.ece),
          probability(file.pValue),
        ]
      table.append(
        [
          NumberText.fixed(asked * 100, decimals: sparsityDecimals), percent(file.sparsity),
          NumberText.grouped(file.kept),
        ] + scores + [NumberText.grouped(file.bytes), NumberText.ratio(file.ratio) + "×"]
          + (hasConstant ? [file.isConstant ? "constant" : ""] : []))
    }
    return """

      What 'export' writes by default, each weight rounded as coarsely as the outputs allow
      (rise: upper end of the 95 % interval of the error above the unpruned network's)

      \(table.text(width: width, elsewhere: elsewhere))
      """
  }

  /// What is shown of a file whose network predicts numbers; `nil` of a classifier.
  private static func numericScores(_ file: MeasuredFile, _ uncertainty: String) -> [String]? {
    guard file.scores.isNumeric else { return nil }
    return [
      rmse(file.scores.error), uncertainty, nats(file.scores.nll), percent(file.scores.coverage),
    ]
  }

  private static func rmse(_ value: Double) -> String { NumberText.significant(value, digits: 4) }

  private static func probability(_ value: Double?) -> String {
    if let value, value < 0.0001 { return "<0.0001" }
    return NumberText.fixed(value, decimals: 4)
  }

  private static func percent(_ fraction: Double?) -> String {
    NumberText.fixed(fraction.map { $0 * 100 }, decimals: 2)
  }

  private static func nats(_ nll: Double?) -> String {
    NumberText.fixed(nll, decimals: nll.map { $0 < 10 } ?? true ? 3 : 2)
  }

  private static func cells(
    of point: SweepPoint, _ sparsityDecimals: Int, isConditioned: Bool
  ) -> [String] {
    let file = point.pruned
    let scores =
      numericScores(file, "\(rmse(file.errorLow))–\(rmse(file.errorHigh))")
      ?? [
        NumberText.grouped(point.errors ?? 0), percent(point.error),
        "\(percent(file.errorLow))–\(percent(file.errorHigh))", nats(point.nll),
        percent(point.ece), probability(file.pValue),
      ]
    return [
      NumberText.fixed(point.sparsity * 100, decimals: sparsityDecimals),
      NumberText.grouped(point.kept), NumberText.fixed(point.thresholdDecibels, decimals: 2),
    ] + scores + (isConditioned ? conditioned(point) : [])
      + [NumberText.grouped(file.bytes), NumberText.ratio(file.ratio) + "×"]
  }

  private static func conditioned(_ point: SweepPoint) -> [String] {
    let cut = point.cut?.scores
    return [
      cut.map { $0.isNumeric ? rmse($0.error) : percent($0.error) } ?? NumberText.missing,
      NumberText.fixed(point.divergence, decimals: 4),
      NumberText.fixed(point.predictedDivergence, decimals: 4),
    ]
  }
}
