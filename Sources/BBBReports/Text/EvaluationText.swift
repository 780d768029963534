/// An evaluation as text for the terminal.
public enum EvaluationText {
  /// Lays out the scores; of a classifier also the reliability diagram and the risk–coverage curve.
  ///
  /// - Parameters:
  ///   - summary: What was measured.
  ///   - width: How many characters a row of a table may have, at least 40.
  /// - Returns: Lines of plain text.
  public static func render(_ summary: EvaluationSummary, width: Int = 80) -> String {
    switch summary {
    case .classes(let summary): render(summary, width)
    case .numbers(let summary): render(summary)
    }
  }

  private static func render(_ summary: NumericSummary) -> String {
    var text = """
      RMSE      \(number(summary.rmse)) over \(NumberText.grouped(summary.examples)) examples\
      \(summary.targets == 1 ? "" : " of \(summary.targets) targets"); the targets' standard deviation is \
      \(number(summary.targetDeviation))

      """
    text += spread(summary)
    if summary.targets > 1 {
      text += "RMSE of each target: \(summary.targetRMSE.map(number).joined(separator: ", "))\n"
    }
    if summary.deviations.noise == nil {
      text += """
        The noise of the targets is not known, so that likelihood and intervals are not: give its standard \
        deviation with --output numbers:DEVIATION.

        """
    }
    return text + others(summary.ood, summary.auroc, summary.mutualInformationAUROC)
  }

  /// How likely the targets are, and how wide the predictions: what is known of it.
  private static func spread(_ summary: NumericSummary) -> String {
    let deviations = summary.deviations
    let weights = deviations.weights.map { "from the weights \(number($0))" }
    guard let noise = deviations.noise else {
      return weights.map { "mean standard deviation \($0)\n" } ?? ""
    }
    let parts = [weights, "noise \(number(noise))"].compactMap(\.self).joined(separator: ", ")
    return """
      NLL       \(NumberText.fixed(summary.nll, decimals: 4)) nats
      coverage  \(percent(summary.coverage)) % of the targets in the 95 % intervals\(coverageInterval(summary))
      mean standard deviation \(number(deviations.all)): \(parts)

      """
  }

  private static func coverageInterval(_ summary: NumericSummary) -> String {
    guard let low = summary.coverageLow, let high = summary.coverageHigh else { return "" }
    return """
       (95 % interval \(percent(low))–\(percent(high)) %); their mean width is \
      \(number(summary.intervalWidth))
      """
  }

  private static func others(_ name: String?, _ entropy: Double?, _ information: Double?) -> String
  {
    guard let name else { return "" }
    return """
      AUROC  \(percent(entropy)) %  (predictive entropy of \(name) above that of these; \
      by mutual information \(percent(information)) %)

      """
  }

  private static func number(_ value: Double?) -> String {
    NumberText.significant(value, digits: 4)
  }

  private static func render(_ summary: ClassificationSummary, _ width: Int) -> String {
    var text = """
      error  \(percent(summary.error)) %  (\(NumberText.grouped(summary.errors)) of \
      \(NumberText.grouped(summary.images)); 95 % interval \(percent(summary.errorLow))–\
      \(percent(summary.errorHigh)) %)
      NLL    \(NumberText.fixed(summary.nll, decimals: 4)) nats
      Brier  \(NumberText.fixed(summary.brier, decimals: 4))
      ECE    \(percent(summary.ece)) %
      AURC   \(NumberText.fixed(summary.aurc.map { $0 * 100 }, decimals: 3)) %

      """
    if let separation = summary.classSeparation {
      text += """
        AUROC  \(percent(separation)) %  (probability of class 1: of its examples above that of the others)

        """
    }
    let uncertainty = summary.uncertainty
    text += """
      mean predictive entropy \(nats(uncertainty.entropy)) nats: aleatoric \
      \(nats(uncertainty.aleatoric)), mutual information of class and weights \
      \(nats(uncertainty.mutualInformation))

      """
    text += others(summary.ood, summary.auroc, summary.mutualInformationAUROC)
    return text + "\n" + reliability(summary, width) + "\n" + riskCoverage(summary, width)
  }

  private static func reliability(_ summary: ClassificationSummary, _ width: Int) -> String {
    var table = TextTable([
      .text("confidence, %"), .number("examples", omission: 2),
      .number("mean", unit: "%", omission: 1), .number("accuracy", unit: "%"),
      .number("gap", unit: "%", omission: 3),
    ])
    for bin in summary.reliability where bin.count > 0 {
      let gap = bin.accuracy.flatMap { accuracy in bin.confidence.map { accuracy - $0 } }
      table.append([
        "\(NumberText.fixed(bin.low * 100, decimals: 1))–\(NumberText.fixed(bin.high * 100, decimals: 1))",
        NumberText.grouped(bin.count), percent(bin.confidence), percent(bin.accuracy),
        percent(gap),
      ])
    }
    return "Reliability: is a confidence of 90 % right nine times of ten?\n"
      + table.text(width: width, elsewhere: "--json")
  }

  private static func riskCoverage(_ summary: ClassificationSummary, _ width: Int) -> String {
    var table = TextTable([.number("answered", unit: "%"), .number("error", unit: "%")])
    for point in summary.riskCoverage {
      table.append([NumberText.trimmed(point.coverage * 100), percent(point.error)])
    }
    return "Risk and coverage: the error when the least certain are refused\n"
      + table.text(width: width, elsewhere: "--json")
  }

  private static func percent(_ fraction: Double?) -> String {
    NumberText.fixed(fraction.map { $0 * 100 }, decimals: 2)
  }

  private static func nats(_ value: Double?) -> String { NumberText.fixed(value, decimals: 4) }
}
