import BBBDatasets
import BBBReports

/// The predictions of both methods, as in Figure 5 of Blundell and others 2015: the data as crosses, the
/// median as a line, the interquartile range as a band.
public enum RegressionPlot {
  private static let height = 440
  /// More crosses cover one another.
  private static let mostCrosses = 200

  /// Draws the predictions; the same result gives the same text.
  ///
  /// - Parameter result: What to draw.
  /// - Returns: An SVG document.
  public static func render(_ result: RegressionResult) -> String {
    var canvas = SVGCanvas()
    let title = "A noisy curve, and what is said of it where there are no data"
    canvas.heading(
      title, "crosses: data · line: median · band: interquartile range over draws of the weights")
    canvas.label("dotted: the curve without noise", at: .init(x: 20, y: 74))
    for (index, prediction) in result.predictions.enumerated() {
      let left = 58 + Double(index) * 362
      let frame = ChartFrame(
        left: left, right: left + 312, top: 120, height: 260,
        horizontal: ChartAxis(
          "x", from: RegressionExperiment.range.lowerBound,
          to: RegressionExperiment.range.upperBound, step: 0.2),
        vertical: ChartAxis(prediction.method.title, from: -0.8, to: 1.6, step: 0.4))
      frame.drawAxes(on: &canvas)
      draw(prediction, of: result, in: frame, on: &canvas)
    }
    return canvas.document(height: height, title: title, description: description(of: result))
  }

  private static func draw(
    _ prediction: RegressionResult.Prediction, of result: RegressionResult, in frame: ChartFrame,
    on canvas: inout SVGCanvas
  ) {
    let style = SVGSeriesStyle(index: 0)
    frame.drawBand(
      result.x, low: prediction.quartiles.map(\.lower), high: prediction.quartiles.map(\.upper),
      color: style.color, on: &canvas)
    let step = max(1, result.examples.x.count / mostCrosses)
    let shown = stride(from: 0, to: result.examples.x.count, by: step)
    frame.drawCrosses(
      shown.map { result.examples.x[$0] }, shown.map { result.examples.y[$0] }, color: "#555",
      on: &canvas)
    frame.drawLine(
      result.x, result.x.map { NoisyCurve.value(at: $0, noise: 0) },
      style: SVGSeriesStyle(index: 2),
      on: &canvas)
    frame.drawLine(result.x, prediction.quartiles.map(\.median), style: style, on: &canvas)
  }

  private static func description(of result: RegressionResult) -> String {
    result.predictions.map { prediction in
      let width = result.width(of: prediction)
      return "\(prediction.method.title): mean interquartile range"
        + " \(NumberText.fixed(width.inside, decimals: 4)) where the data are and"
        + " \(NumberText.fixed(width.outside, decimals: 4)) elsewhere."
    }.joined(separator: " ")
  }
}
