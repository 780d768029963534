import BBBReports

/// Cumulative regret against interactions, as in Figure 6 of Blundell and others 2015: the mean of each
/// agent's runs as a line, from the least to the most as a band.
public enum BanditPlot {
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
    canvas.heading(
      title,
      "\(NumberText.grouped(result.mushroomCount)) mushrooms · lines: mean of"
        + " \(runs) run\(runs == 1 ? "" : "s")"
        + (runs > 1 ? " · bands: from the least to the most of them" : ""))
    let legend = SVGLegend.draw(
      result.agents.enumerated().map { index, agent in
        SVGLegend.Entry(label: agent.agent.title, style: SVGSeriesStyle(index: index))
      }, from: 80, on: &canvas)
    let curves = result.agents.map { thinned($0.curve) }
    let vertical = verticalAxis(curves, end: result.interactions)
    let frame = ChartFrame(
      top: legend + 44, height: 340,
      horizontal: ChartAxis(
        "mushrooms met", ValueAxis([Double(result.interactions)], emptyEnd: 1, scale: .linear),
        minimumDistance: 0.08),
      vertical: ChartAxis("cumulative regret", vertical, minimumDistance: 0.06))
    frame.drawAxes(on: &canvas)
    // A sum below the first label is drawn at the beginning.
    let least = vertical.tickValues.first ?? 0
    for (index, curve) in curves.enumerated() {
      let style = SVGSeriesStyle(index: index)
      let steps = curve.map { Double($0.interactions) }
      if runs > 1 {
        frame.drawBand(
          steps, low: curve.map(\.least), high: curve.map(\.most), color: style.color,
          on: &canvas)
      }
      frame.drawLine(steps, curve.map { max($0.mean, least) }, style: style, on: &canvas)
    }
    return canvas.document(
      height: Int(frame.bottom) + 60, title: title, description: description(of: result))
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

  private static func description(of result: BanditResult) -> String {
    result.agents.map { agent in
      "\(agent.agent.title): mean regret \(NumberText.grouped(Int(agent.meanRegret)))."
    }.joined(separator: " ")
  }
}
