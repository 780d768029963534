import BBBEvaluation

/// An evaluation as an SVG picture: accuracy against confidence, and below it the error when the least
/// certain examples are refused.
public enum ReliabilityPlot {
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
    canvas.heading("Reliability and refusal", title)
    let reliability = frame(
      "right, %", against: "probability of the predicted class, %", top: 104, height: 260, [100])
    reliability.drawAxes(on: &canvas)
    reliability.drawBins(
      summary.reliability.map { ($0.accuracy ?? 0) * 100 }, style: accuracyStyle, isFilled: true,
      on: &canvas)
    reliability.drawLine([0, 1], [0, 100], style: idealStyle, on: &canvas)
    canvas.label(
      "dashed: as it should be; bins without examples are empty",
      at: .init(x: reliability.left, y: reliability.bottom + 64), size: 12)

    let coverages = (0...100).map { Double($0) / 100 }
    let risks = coverages.map { curve.risk(atCoverage: $0) * 100 }
    let finite = risks.filter(\.isFinite)
    let refusal = frame(
      "error, %", against: "examples answered, %: the most certain ones, by predictive entropy",
      top: reliability.bottom + 116, height: 200, finite)
    refusal.drawAxes(on: &canvas)
    if finite.count == risks.count {
      refusal.drawLine(coverages, risks, style: accuracyStyle, on: &canvas)
    }
    return canvas.document(
      height: Int(refusal.bottom) + 60, title: "Reliability and refusal: \(title)",
      description: description(summary))
  }

  /// A frame of values against parts of 100 %.
  private static func frame(
    _ title: String, against horizontal: String, top: Double, height: Double, _ values: [Double]
  ) -> ChartFrame {
    ChartFrame(
      top: top, height: height,
      horizontal: ChartAxis(
        horizontal,
        ticks: (0...5).map { AxisTick(position: Double($0) / 5, label: "\($0 * 20)") }),
      vertical: ChartAxis(
        title, ValueAxis(values, emptyEnd: 1, scale: .linear), minimumDistance: 20 / height))
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
