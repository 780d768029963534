import BBBEvaluation

/// The distributions of a posterior as an SVG picture: the density of the signal-to-noise ratio, below
/// it the cumulative share, and the density of the weights.
///
/// Blundell et al. 2015, figures 4 and 3. The picture needs nothing but itself.
public enum HistogramPlot {
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
    let name = String(checkpoint.split(separator: "/").last ?? "")
    canvas.heading(
      title,
      "\(name) · \(NumberText.grouped(ratios.weightCount)) prunable weights, without biases")
    let ratiosBottom = draw(ratios, top: 122, on: &canvas)
    let bottom = draw(weights, top: ratiosBottom + 124, on: &canvas)
    return canvas.document(
      height: Int(bottom) + 60, title: "\(title): \(name)",
      description: description(ratios, weights))
  }

  // MARK: The signal-to-noise ratio

  /// Draws density and cumulative share; returns the y of the lower axis.
  private static func draw(
    _ histogram: SignalToNoiseHistogram, top: Double, on canvas: inout SVGCanvas
  ) -> Double {
    let bins = histogram.bins
    let rows = max(bins.rowCount, 1)
    let horizontal = ChartAxis(
      "signal-to-noise ratio 20 log₁₀(|μ|/σ), dB" + outside(histogram),
      ticks: bins.count == 0
        ? []
        : (0...rows).map { row in
          AxisTick(position: Double(row) / Double(rows), label: bins.label(ofRow: row))
        })
    func frame(_ title: String, top: Double, height: Double, _ axis: ValueAxis) -> ChartFrame {
      ChartFrame(
        top: top, height: height, horizontal: horizontal,
        vertical: ChartAxis(title, axis, minimumDistance: 20 / height))
    }
    let densities = histogram.densities.map { 100 * $0 }
    let shares = histogram.cumulativeShares.map { 100 * $0 }
    let density = frame(
      "% of weights per dB", top: top, height: 190,
      ValueAxis(densities, emptyEnd: 1, scale: .linear))
    let cumulative = frame(
      "cumulative, %", top: density.bottom + 46, height: 150,
      ValueAxis([100], emptyEnd: 100, scale: .linear))
    density.drawAxes(isLowest: false, on: &canvas)
    cumulative.drawAxes(isLowest: bins.count > 0, on: &canvas)
    guard bins.count > 0 else {
      density.drawNote("no weight has a ratio above 0", on: &canvas)
      cumulative.drawNote("no weight has a ratio above 0", on: &canvas)
      return cumulative.bottom
    }
    density.drawBins(densities, style: signalStyle, isFilled: true, on: &canvas)
    let places = shares.indices.map { Double($0) / Double(max(shares.count - 1, 1)) }
    cumulative.drawLine(places, shares, style: signalStyle, on: &canvas)
    drawCutoffs(of: histogram, on: [density, cumulative], &canvas)
    return cumulative.bottom
  }

  /// Draws a line through both frames where each sparsity cuts, and above them what the lines mean.
  private static func drawCutoffs(
    of histogram: SignalToNoiseHistogram, on frames: [ChartFrame], _ canvas: inout SVGCanvas
  ) {
    guard let edges = histogram.bins.ends else { return }
    var legend: [SVGLegend.Entry] = []
    for (index, cutoff) in histogram.cutoffs.enumerated() {
      let style = SVGSeriesStyle(index: index + 1)
      let decibels = cutoff.decibels.flatMap { edges.contains($0) ? $0 : nil }
      legend.append(
        SVGLegend.Entry(
          label: SignalToNoiseText.text(cutoff) + (decibels == nil ? " (not in the picture)" : ""),
          style: style))
      guard let decibels else { continue }
      let position = (decibels - edges.lowerBound) / (edges.upperBound - edges.lowerBound)
      for (number, frame) in frames.enumerated() {
        let label = "\(NumberText.trimmed(cutoff.sparsity * 100)) %"
        frame.drawUpright(position, label: number == 0 ? label : nil, style: style, on: &canvas)
      }
    }
    SVGLegend.draw(legend, from: 80, on: &canvas)
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
    let outside = [histogram.means, histogram.draws].map { percent($0.below + $0.above) }
    let rows = Double(max(bins.rowCount, 1))
    let frame = ChartFrame(
      top: top, height: 190,
      horizontal: ChartAxis(
        bins.count == 0
          ? ""
          : "weight, in bins of \(bins.rowStep.fifth.label(1))"
            + " (outside: \(outside[0]) of the means, \(outside[1]) of drawn weights)",
        ticks: (0..<bins.rowCount).map { row in
          AxisTick(position: (Double(row) + 0.5) / rows, label: bins.label(ofRow: row))
        }),
      // No logarithmic axis reaches 0: a bin without weights is drawn at its beginning, as one with fewer than that.
      vertical: ChartAxis(
        "% of weights",
        ValueAxis(
          series.joined().filter { $0 > 0 }, emptyEnd: 1,
          scale: histogram.isConcentrated ? .automatic : .linear), minimumDistance: 20.0 / 190))
    frame.drawAxes(on: &canvas)
    guard bins.count > 0 else {
      frame.drawNote("no weight is left", on: &canvas)
      return frame.bottom
    }
    let styles = [signalStyle, drawStyle]
    for (index, values) in series.enumerated() {
      frame.drawBins(values, style: styles[index], isFilled: index == 0, on: &canvas)
    }
    let labels = [
      "posterior means μ", "weights drawn from the posterior, the mixture of all N(μ, σ²)",
    ]
    SVGLegend.draw(
      zip(labels, styles).map { SVGLegend.Entry(label: $0, style: $1) }, from: top - 40,
      on: &canvas)
    return frame.bottom
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
