import BBBEvaluation

/// The distributions of a posterior as an SVG picture: the density of the signal-to-noise ratio, below
/// it the cumulative share, and the density of the weights.
///
/// Blundell et al. 2015, figures 4 and 3. The picture needs nothing but itself.
public enum HistogramPlot {
  private static let width = 760
  private static let left = 78.0
  private static let right = 732.0
  private static let signalStyle = SVGSeriesStyle(index: 0)
  private static let drawStyle = SVGSeriesStyle(index: 1)

  /// Draws histograms; the same ones give the same text.
  ///
  /// - Parameters:
  ///   - ratios: The signal-to-noise ratios.
  ///   - weights: The weights of the same posterior.
  ///   - checkpoint: The checkpoint, as the user named it.
  /// - Returns: An SVG document.
  public static func render(
    _ ratios: SignalToNoiseHistogram, _ weights: WeightHistogram, checkpoint: String
  ) -> String {
    var canvas = SVGCanvas()
    let title = "Signal-to-noise ratio and weights"
    canvas.label(title, at: .init(x: 20, y: 32), size: 18, isBold: true)
    let name = String(checkpoint.split(separator: "/").last ?? "")
    canvas.label(
      "\(name) · \(NumberText.grouped(ratios.weightCount)) prunable weights, without biases",
      at: .init(x: 20, y: 54))
    let ratiosBottom = draw(ratios, top: 108, on: &canvas)
    let bottom = draw(weights, top: ratiosBottom + 100, on: &canvas)
    return canvas.document(
      width: width, height: Int(bottom) + 60, title: "\(title): \(name)",
      description: description(ratios, weights))
  }

  // MARK: The signal-to-noise ratio

  /// Draws density and cumulative share; returns the y of the lower axis.
  private static func draw(
    _ histogram: SignalToNoiseHistogram, top: Double, on canvas: inout SVGCanvas
  ) -> Double {
    let bins = histogram.bins
    let ticks = (0...max(bins.rowCount, 1)).map { row in
      AxisTick(
        position: Double(row) / Double(max(bins.rowCount, 1)), label: bins.label(ofRow: row))
    }
    let densities = histogram.densities.map { 100 * $0 }
    let density = HistogramPanel(
      title: "% of weights per dB", top: top, height: 190, left: left, right: right,
      ticks: bins.count > 0 ? ticks : [],
      vertical: ValueAxis(densities, emptyEnd: 1, scale: .linear))
    let shares = histogram.cumulativeShares.map { 100 * $0 }
    let cumulative = HistogramPanel(
      title: "cumulative, %", top: density.bottom + 26, height: 150, left: left, right: right,
      ticks: density.ticks, vertical: ValueAxis([100], emptyEnd: 100, scale: .linear))
    for panel in [density, cumulative] { panel.drawAxes(on: &canvas) }
    guard bins.count > 0 else {
      density.drawNote("no weight has a ratio above 0", on: &canvas)
      cumulative.drawNote("no weight has a ratio above 0", on: &canvas)
      return cumulative.bottom
    }
    density.drawOutline(densities, style: signalStyle, isFilled: true, on: &canvas)
    cumulative.drawCurve(shares, style: signalStyle, on: &canvas)
    drawCutoffs(of: histogram, on: [density, cumulative], &canvas)
    cumulative.drawTickLabels(
      axis: "signal-to-noise ratio 20 log₁₀(|μ|/σ), dB" + outside(histogram), on: &canvas)
    return cumulative.bottom
  }

  /// Draws a line through both panels where each sparsity cuts, and above them what the lines mean.
  private static func drawCutoffs(
    of histogram: SignalToNoiseHistogram, on panels: [HistogramPanel], _ canvas: inout SVGCanvas
  ) {
    guard let first = panels.first, let edges = histogram.bins.ends else { return }
    var legendX = 20.0
    for (index, cutoff) in histogram.cutoffs.enumerated() {
      let style = SVGSeriesStyle(index: index + 1)
      let isInside = cutoff.decibels.map(edges.contains) ?? false
      let label = SignalToNoiseText.text(cutoff) + (isInside ? "" : " (not in the picture)")
      canvas.path(
        [.init(x: legendX, y: 75.5), .init(x: legendX + 38, y: 75.5)], style: style)
      canvas.label(label, at: .init(x: legendX + 46, y: 80))
      legendX += 46 + Double(label.count) * 7.5 + 16
      guard isInside, let decibels = cutoff.decibels else { continue }
      let position =
        (decibels - edges.lowerBound) / (edges.upperBound - edges.lowerBound)
      let x = first.left + position * (first.right - first.left)
      for panel in panels {
        canvas.path([.init(x: x, y: panel.top), .init(x: x, y: panel.bottom)], style: style)
      }
      // The lower cut-off's label to the left of its line, the higher one's to the right.
      canvas.label(
        "\(NumberText.trimmed(cutoff.sparsity * 100)) %",
        at: .init(x: x + (index == 0 ? 2 : -2), y: first.top - 6),
        anchor: index == 0 ? .end : .start, size: 12)
    }
  }

  private static func outside(_ histogram: SignalToNoiseHistogram) -> String {
    let low = histogram.removedCount + histogram.zeroCount + histogram.belowCount
    let parts = [("left", low), ("right", histogram.aboveCount)].filter { $0.1 > 0 }
    guard !parts.isEmpty else { return "" }
    let texts = parts.map { "\(NumberText.grouped($0.1)) on the \($0.0)" }
    return " (weights outside: " + texts.joined(separator: ", ") + ")"
  }

  // MARK: The weights

  /// Draws means and drawn weights; returns the y of the axis.
  private static func draw(
    _ histogram: WeightHistogram, top: Double, on canvas: inout SVGCanvas
  ) -> Double {
    let bins = histogram.bins
    // Fewer than one weight in a bin is nothing.
    let least = 1 / Double(max(histogram.weightCount, 1))
    let series = [histogram.means, histogram.draws].map { series in
      series.shares.map { $0 >= least * (1 - 1e-9) ? 100 * $0 : 0 }
    }
    let rows = Double(max(bins.rowCount, 1))
    let panel = HistogramPanel(
      title: "% of weights", top: top, height: 190, left: left,
      right: right,
      ticks: (0..<bins.rowCount).map { row in
        AxisTick(position: (Double(row) + 0.5) / rows, label: bins.label(ofRow: row))
      },
      vertical: ValueAxis(
        [0] + series.joined(), emptyEnd: 1,
        scale: histogram.isConcentrated ? .automatic : .linear))
    panel.drawAxes(on: &canvas)
    guard bins.count > 0 else {
      panel.drawNote("no weight is left", on: &canvas)
      return panel.bottom
    }
    let styles = [signalStyle, drawStyle]
    let labels = [
      "posterior means μ", "weights drawn from the posterior, the mixture of all N(μ, σ²)",
    ]
    var legendX = 20.0
    for (index, values) in series.enumerated() {
      panel.drawOutline(values, style: styles[index], isFilled: index == 0, on: &canvas)
      canvas.path(
        [.init(x: legendX, y: top - 22.5), .init(x: legendX + 38, y: top - 22.5)],
        style: styles[index])
      canvas.label(labels[index], at: .init(x: legendX + 46, y: top - 18))
      legendX += 46 + Double(labels[index].count) * 7.5 + 16
    }
    let outside = [histogram.means, histogram.draws].map { percent($0.below + $0.above) }
    panel.drawTickLabels(
      axis: "weight, in bins of \(bins.rowStep.fifth.label(1))"
        + " (outside: \(outside[0]) of the means, \(outside[1]) of drawn weights)",
      on: &canvas)
    return panel.bottom
  }

  private static func percent(_ share: Double) -> String {
    NumberText.fixed(100 * share, decimals: 2) + " %"
  }

  private static func description(
    _ ratios: SignalToNoiseHistogram, _ weights: WeightHistogram
  ) -> String {
    let shape = SignalToNoiseText.description(ratios) ?? "no ratio is above 0"
    let cutoffs = ratios.cutoffs.map(SignalToNoiseText.text).joined(separator: "; ")
    let range =
      weights.bins.ends.map { "Weights are shown from \($0.lowerBound) to \($0.upperBound)." }
      ?? "No weight is left."
    return "Signal-to-noise ratios 20 log₁₀(|μ|/σ) of \(NumberText.grouped(ratios.weightCount))"
      + " weights: \(shape); \(cutoffs). \(range)"
  }
}
