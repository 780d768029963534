/// An evaluation as text for the terminal.
public enum EvaluationText {
  /// Lays out the scores, the reliability diagram and the risk–coverage curve.
  ///
  /// - Parameter summary: What was measured.
  /// - Returns: Lines of plain text.
  public static func render(_ summary: EvaluationSummary) -> String {
    var text = """
      error  \(percent(summary.error)) %  (\(NumberText.grouped(summary.errors)) of \
      \(NumberText.grouped(summary.images)); 95 % interval \(percent(summary.errorLow))–\
      \(percent(summary.errorHigh)) %)
      NLL    \(NumberText.fixed(summary.nll, decimals: 4)) nats
      Brier  \(NumberText.fixed(summary.brier, decimals: 4))
      ECE    \(percent(summary.ece)) %
      AURC   \(NumberText.fixed(summary.aurc.map { $0 * 100 }, decimals: 3)) %

      """
    let uncertainty = summary.uncertainty
    text += """
      mean predictive entropy \(nats(uncertainty.entropy)) nats: aleatoric \
      \(nats(uncertainty.aleatoric)), mutual information of class and weights \
      \(nats(uncertainty.mutualInformation))

      """
    if let ood = summary.ood {
      text += """
        AUROC  \(percent(summary.auroc)) %  (predictive entropy of \(ood) above that of these; \
        by mutual information \(percent(summary.mutualInformationAUROC)) %)

        """
    }
    return text + "\n" + reliability(summary) + "\n" + riskCoverage(summary)
  }

  private static func reliability(_ summary: EvaluationSummary) -> String {
    var table = TextTable([
      .text("confidence, %"), .number("images"), .number("mean", unit: "%"),
      .number("accuracy", unit: "%"), .number("gap", unit: "%"),
    ])
    for bin in summary.reliability where bin.count > 0 {
      let gap = bin.accuracy.flatMap { accuracy in bin.confidence.map { accuracy - $0 } }
      table.append([
        "\(NumberText.fixed(bin.low * 100, decimals: 1))–\(NumberText.fixed(bin.high * 100, decimals: 1))",
        NumberText.grouped(bin.count), percent(bin.confidence), percent(bin.accuracy),
        percent(gap),
      ])
    }
    return "Reliability: is a confidence of 90 % right nine times of ten?\n" + table.text
  }

  private static func riskCoverage(_ summary: EvaluationSummary) -> String {
    var table = TextTable([.number("answered", unit: "%"), .number("error", unit: "%")])
    for point in summary.riskCoverage {
      table.append([NumberText.trimmed(point.coverage * 100), percent(point.error)])
    }
    return "Risk and coverage: the error when the least certain are refused\n" + table.text
  }

  private static func percent(_ fraction: Double?) -> String {
    NumberText.fixed(fraction.map { $0 * 100 }, decimals: 2)
  }

  private static func nats(_ value: Double?) -> String { NumberText.fixed(value, decimals: 4) }
}
