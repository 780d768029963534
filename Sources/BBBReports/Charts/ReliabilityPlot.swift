import BBBEvaluation

/// An evaluation as an SVG picture: accuracy against confidence, and below it the error when the least
/// certain examples are refused.
public enum ReliabilityPlot {
  private static let width = 760
  private static let left = 78.0
  private static let right = 732.0
  private static let accuracyStyle = SVGSeriesStyle(index: 0)
  private static let idealStyle = SVGSeriesStyle(index: 1)

  /// Draws an evaluation; the same one gives the same text.
  ///
  /// - Parameters:
  ///   - summary: The bins of the reliability diagram.
  ///   - curve: The risk–coverage curve.
  ///   - title: What was measured.
  /// - Returns: An SVG document.
  public static func render(
    _ summary: ClassificationSummary, curve: RiskCoverage, of title: String
  ) -> String {
    var canvas = SVGCanvas()
    canvas.label("Reliability and refusal", at: .init(x: 20, y: 32), size: 18, isBold: true)
    canvas.label(title, at: .init(x: 20, y: 54))
    let reliability = panel("right, %", top: 84, height: 260, values: [100])
    reliability.drawAxes(on: &canvas)
    reliability.drawOutline(
      summary.reliability.map { ($0.accuracy ?? 0) * 100 }, style: accuracyStyle, isFilled: true,
      on: &canvas)
    reliability.drawCurve((0...100).map(Double.init), style: idealStyle, on: &canvas)
    reliability.drawTickLabels(axis: "probability of the predicted class, %", on: &canvas)
    canvas.label(
      "dashed: as it should be; bins without examples are empty",
      at: .init(x: left, y: reliability.bottom + 64), size: 12)

    let risks = (0...100).map { curve.risk(atCoverage: Double($0) / 100) * 100 }
    let finite = risks.filter(\.isFinite)
    let refusal = panel(
      "error, %", top: reliability.bottom + 92, height: 200,
      values: finite)
    refusal.drawAxes(on: &canvas)
    if finite.count == risks.count {
      refusal.drawCurve(risks, style: accuracyStyle, on: &canvas)
    }
    refusal.drawTickLabels(
      axis: "examples answered, %: the most certain ones, by predictive entropy", on: &canvas)
    return canvas.document(
      width: width, height: Int(refusal.bottom) + 60, title: "Reliability and refusal: \(title)",
      description: description(summary))
  }

  private static func panel(
    _ title: String, top: Double, height: Double, values: [Double]
  ) -> HistogramPanel {
    HistogramPanel(
      title: title, top: top, height: height, left: left, right: right,
      ticks: (0...5).map { AxisTick(position: Double($0) / 5, label: "\($0 * 20)") },
      vertical: ValueAxis(values, emptyEnd: 1, scale: .linear))
  }

  private static func description(_ summary: ClassificationSummary) -> String {
    func percent(_ fraction: Double?) -> String {
      NumberText.fixed(fraction.map { $0 * 100 }, decimals: 2) + " %"
    }
    let risks = summary.riskCoverage.map {
      "\(percent($0.error)) of \(NumberText.trimmed($0.coverage * 100)) % answered"
    }
    return "Expected calibration error \(percent(summary.ece)). Errors: "
      + risks.joined(separator: ", ") + "."
  }
}
