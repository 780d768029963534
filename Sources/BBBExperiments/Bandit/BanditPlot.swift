import BBBReports

/// Cumulative regret against interactions, as in Figure 6 of Blundell and others 2015: the mean of each
/// agent's runs as a line, from the least to the most as a band.
public enum BanditPlot {
  private static let width = 760
  private static let height = 500
  /// More points than pixels are not seen.
  private static let mostPoints = 250

  /// Draws the curves; the same result gives the same text.
  ///
  /// - Parameter result: What to draw.
  /// - Returns: An SVG document.
  public static func render(_ result: BanditResult) -> String {
    var canvas = SVGCanvas()
    let runs = result.agents.map(\.runs.count).max() ?? 0
    let title = "Cumulative regret of agents among mushrooms"
    canvas.label(title, at: .init(x: 20, y: 32), size: 18, isBold: true)
    canvas.label(
      "\(NumberText.grouped(result.mushroomCount)) mushrooms · lines: mean of"
        + " \(runs) run\(runs == 1 ? "" : "s")"
        + (runs > 1 ? " · bands: from the least to the most of them" : ""),
      at: .init(x: 20, y: 54))
    drawLegend(of: result, y: 80, on: &canvas)
    let curves = result.agents.map { thinned($0.curve) }
    let vertical = verticalAxis(curves, end: result.interactions)
    let chart = Chart(
      left: 78, right: 732, top: 100, bottom: 440,
      horizontal: ChartAxis(
        ValueAxis([Double(result.interactions)], emptyEnd: 1, scale: .linear),
        minimumDistance: 0.08),
      vertical: ChartAxis(vertical, minimumDistance: 0.06))
    chart.drawFrame(
      horizontalTitle: "mushrooms met",
      verticalTitle: "cumulative regret" + (vertical.isLogarithmic ? " (log scale)" : ""),
      on: &canvas)
    for (index, curve) in curves.enumerated() {
      let style = SVGSeriesStyle(index: index)
      let steps = curve.map { Double($0.interactions) }
      if runs > 1 {
        chart.drawBand(
          steps, low: curve.map(\.least), high: curve.map(\.most), color: style.color,
          on: &canvas)
      }
      chart.drawLine(steps, curve.map(\.mean), style: style, on: &canvas)
    }
    return canvas.document(
      width: width, height: height, title: title, description: description(of: result))
  }

  private typealias Curve = [(interactions: Int, mean: Double, least: Double, most: Double)]

  /// At most so many points that they can be seen, the last among them.
  private static func thinned(_ curve: Curve) -> Curve {
    let step = max(1, (curve.count + mostPoints - 1) / mostPoints)
    return curve.enumerated().filter { ($0.offset + 1).isMultiple(of: step) }.map(\.element)
      + (curve.count.isMultiple(of: step) ? [] : curve.suffix(1))
  }

  /// The first interactions, whose regret may be anything, need not be on the axis.
  private static func verticalAxis(_ curves: [Curve], end: Int) -> ValueAxis {
    let shown = curves.flatMap { curve in curve.filter { $0.interactions * 50 >= end } }
    return ValueAxis(
      shown.map(\.mean).filter { $0 > 0 }, reaching: shown.map(\.most), emptyEnd: 1)
  }

  private static func drawLegend(of result: BanditResult, y: Double, on canvas: inout SVGCanvas) {
    var x = 20.0
    for (index, agent) in result.agents.enumerated() {
      canvas.path(
        [.init(x: x, y: y - 4.5), .init(x: x + 38, y: y - 4.5)], style: SVGSeriesStyle(index: index)
      )
      canvas.label(agent.agent.title, at: .init(x: x + 46, y: y))
      // No font is at hand to measure with: 7.5 pixels is a wide character of 13 pixels.
      x += 46 + Double(agent.agent.title.count) * 7.5 + 16
    }
  }

  private static func description(of result: BanditResult) -> String {
    result.agents.map { agent in
      "\(agent.agent.title): mean regret \(NumberText.grouped(Int(agent.meanRegret)))."
    }.joined(separator: " ")
  }
}
