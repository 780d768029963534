import BBBEvaluation

/// How good a network's uncertainty is at each sparsity, as a table for the terminal.
public enum UncertaintyTable {
  /// Lays out one curve: at each sparsity, a row for each way of predicting.
  ///
  /// - Parameters:
  ///   - curve: What to lay out.
  ///   - width: How many characters a row may have, at least 40.
  /// - Returns: Lines of plain text; empty if the curve has one way of predicting, and no examples of another
  ///   kind.
  public static func render(_ curve: SweepCurve, width: Int = 80) -> String {
    let methods = UncertaintySeries.methods(of: [curve])
    guard !methods.isEmpty else { return "" }
    var columns: [TextTable.Column] =
      [.number("sparsity", unit: "%"), .text("prediction")]
      + (curve.isNumeric
        ? [
          .number("RMSE"), .number("NLL", unit: "nats", omission: 4),
          .number("coverage", unit: "%", omission: 3), .number("width", omission: 1),
        ]
        : [
          .number("error", unit: "%"), .number("NLL", unit: "nats", omission: 4),
          .number("ECE", unit: "%", omission: 3), .number("Brier", omission: 1),
          .number("AURC", unit: "%", omission: 2),
        ])
    if curve.ood != nil { columns.append(.number("AUROC", unit: "%", omission: 5)) }
    var table = TextTable(columns)
    let decimals = NumberText.decimalsNeeded(curve.points.map { $0.sparsity * 100 })
    for point in curve.points {
      for (index, method) in methods.enumerated() {
        guard let scores = method.scores(point) else { continue }
        let sparsity =
          index == 0 ? NumberText.fixed(point.sparsity * 100, decimals: decimals) : ""
        let nll = NumberText.fixed(scores.nll, decimals: 4)
        var row =
          [sparsity, method.name]
          + (scores.isNumeric
            ? [
              NumberText.significant(scores.error, digits: 4), nll, percent(scores.coverage),
              NumberText.significant(scores.intervalWidth, digits: 4),
            ]
            : [
              percent(scores.error), nll, percent(scores.ece),
              NumberText.fixed(scores.brier, decimals: 4),
              NumberText.fixed(scores.riskArea.map { $0 * 100 }, decimals: 3),
            ])
        if curve.ood != nil { row.append(percent(scores.auroc)) }
        table.append(row)
      }
    }
    return table.text(width: width, elsewhere: "--csv and --json") + legend(of: curve)
  }

  private static func percent(_ fraction: Double?) -> String {
    NumberText.fixed(fraction.map { $0 * 100 }, decimals: 2)
  }

  private static func legend(of curve: SweepCurve) -> String {
    let samples = curve.samples.map { count in
      let draws = "\(NumberText.grouped(count)) draws of the weights\n"
      return curve.isNumeric
        ? "Monte Carlo: mean and variance of \(draws)"
        : "Monte Carlo: class probabilities averaged over \(draws)"
    }
    let measures =
      curve.isNumeric
      ? "coverage: targets in the 95 % intervals; width: that of these, on average\n"
      : "AURC: mean error when the least certain are refused, over all shares of them\n"
    let separation = curve.ood.map {
      "AUROC: how often the predictive entropy of \($0) is above that of \(curve.dataset)\n"
    }
    return (samples ?? "") + measures + (separation ?? "")
  }
}
