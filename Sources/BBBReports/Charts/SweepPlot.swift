import BBBEvaluation

/// A sweep as an SVG picture: error against sparsity, and below it file size against sparsity.
///
/// Where predictions were made in several ways, or for examples of another kind, likelihood, calibration and
/// the separation of these examples stand between the two.
///
/// The curves differ by colour and marker, so that they can be told apart in black and white; the bars are 95 % confidence intervals. The picture needs nothing but itself.
public enum SweepPlot {
  /// Draws curves; the same curves give the same text.
  ///
  /// - Parameter curves: What to draw; points whose sparsity or error is not in 0...1 are left out.
  /// - Returns: An SVG document.
  public static func render(_ curves: [SweepCurve]) -> String {
    var canvas = SVGCanvas()
    canvas.heading(title(of: curves), subtitle(of: curves))
    let legend = drawLegend(of: curves, from: 80, on: &canvas)

    let horizontal = ChartAxis(
      "sparsity: weights removed, % (the scale widens towards 100 %)",
      SparsityAxis(curves.flatMap(\.plottedPoints).map(\.sparsity)), minimumDistance: 0.06)
    /// Draws values against sparsity; returns the y of the axis.
    func draw(
      _ title: String, below top: Double, height: Double, series: [SweepSeries],
      interval: ((SweepPoint) -> (low: Double, high: Double))? = nil, emptyEnd: Double,
      isLowest: Bool = false, label: (Double) -> String = NumberText.trimmed
    ) -> Double {
      let values = series.flatMap(\.plottedPoints).map(\.value)
      let marked = series.filter(\.hasMarkers).flatMap(\.plottedPoints)
      let bounds = interval.map { interval in marked.map { interval($0.point).high } } ?? []
      let frame = ChartFrame(
        top: top + 36, height: height, margin: 12, horizontal: horizontal,
        vertical: ChartAxis(
          title, ValueAxis(values, reaching: bounds.filter(\.isFinite), emptyEnd: emptyEnd),
          showing: values, minimumDistance: 20 / height, label: label))
      frame.drawAxes(isLowest: isLowest, on: &canvas)
      for line in series { line.draw(in: frame, interval: interval, on: &canvas) }
      return frame.bottom
    }
    let means = curves.enumerated().map { index, curve in
      (curve: curve, style: UncertaintySeries.style(ofCurve: index))
    }
    let (errorTitle, factor) = curves.first?.errorAxis ?? ("error, %", 100)
    var bottom = draw(
      errorTitle, below: legend, height: 290,
      series: means.map { SweepSeries(curve: $0.curve, style: $0.style) { $0.error * factor } }
        + exports(means) { $0.scores.error * factor } + cuts(means, factor),
      interval: { ($0.pruned.errorLow * factor, $0.pruned.errorHigh * factor) }, emptyEnd: 1)
    if !UncertaintySeries.methods(of: curves).isEmpty {
      bottom = UncertaintySeries.drawLegend(of: curves, from: bottom, on: &canvas)
      for measure in UncertaintySeries.Measure.allCases {
        let series = UncertaintySeries.series(of: curves, measure)
        guard !series.isEmpty else { continue }
        bottom = draw(
          measure.title, below: bottom, height: 130, series: series, emptyEnd: measure.emptyEnd)
      }
    }
    bottom = draw(
      "file size", below: bottom, height: 160,
      series: means.map {
        SweepSeries(curve: $0.curve, style: $0.style) { Double($0.pruned.bytes) }
      } + exports(means) { Double($0.bytes) },
      emptyEnd: 1000, isLowest: true, label: NumberText.bytes)
    return canvas.document(
      height: Int(bottom) + 60, title: title(of: curves), description: description(of: curves))
  }

  /// The lines of the files that an export writes by default.
  private static func exports(
    _ curves: [(curve: SweepCurve, style: SVGSeriesStyle)],
    _ value: @escaping (MeasuredFile) -> Double
  ) -> [SweepSeries] {
    curves.map { curve, style in
      SweepSeries(curve: curve, style: style.dashed, hasMarkers: false) { $0.exported.map(value) }
    }.filter { !$0.plottedPoints.isEmpty }
  }

  /// The lines of the networks that are cut and not conditioned.
  private static func cuts(
    _ curves: [(curve: SweepCurve, style: SVGSeriesStyle)], _ factor: Double
  ) -> [SweepSeries] {
    curves.map { curve, style in
      SweepSeries(curve: curve, style: style.dotted, hasMarkers: false) {
        $0.cut.map { $0.scores.error * factor }
      }
    }.filter { !$0.plottedPoints.isEmpty }
  }

  private static func title(of curves: [SweepCurve]) -> String {
    let datasets = distinct(curves.map(\.dataset)).joined(separator: ", ")
    let isUncertain = !UncertaintySeries.methods(of: curves).isEmpty
    return "Error\(isUncertain ? ", uncertainty" : "") and file size against sparsity"
      + (datasets.isEmpty ? "" : ": \(datasets)")
  }

  private static func description(of curves: [SweepCurve]) -> String {
    curves.map { "\($0.label(among: curves)): \(SweepVerdict.sentence(for: $0))" }
      .joined(separator: " ")
  }

  /// What all curves have in common.
  private static func subtitle(of curves: [SweepCurve]) -> String {
    let checkpoints = distinct(curves.map(\.shortCheckpoint))
    let images = distinct(curves.flatMap(\.points).map(\.images)).map(NumberText.grouped)
    let weights = distinct(curves.map(\.weights)).map(NumberText.grouped)
    let noun = images == ["1"] ? " example" : " examples"
    let facts = [(checkpoints, ""), (weights, " prunable weights"), (images, noun)]
    return facts.filter { $0.0.count == 1 }.map { $0.0[0] + $0.1 }.joined(separator: " · ")
  }

  /// Draws one entry for each curve and what bars and markers mean; returns the y of the last line.
  private static func drawLegend(
    of curves: [SweepCurve], from top: Double, on canvas: inout SVGCanvas
  ) -> Double {
    let y = SVGLegend.draw(
      curves.enumerated().map { index, curve in
        SVGLegend.Entry(
          label: curve.label(among: curves), style: UncertaintySeries.style(ofCurve: index),
          hasMarkers: true)
      }, from: top, on: &canvas)
    let isOpen = curves.contains { curve in
      curve.plottedPoints.contains(where: curve.isSignificantlyWorse)
    }
    let notes =
      ["bars: 95 % confidence intervals"]
      + (curves.contains(where: \.hasExports)
        ? ["dashes without markers: the file that 'export' writes by default"] : [])
      + (curves.contains { $0.calibration != nil }
        ? ["dots: networks that are cut, and not conditioned on what was removed"] : [])
      + (isOpen
        ? [
          curves.contains(where: \.isNumeric)
            ? "open markers: an RMSE significantly above the unpruned network's (95 % interval of the rise)"
            : "open markers: significantly more errors than unpruned (exact McNemar test, p < 0.05)"
        ]
        : [])
    for (row, note) in notes.enumerated() {
      canvas.label(note, at: .init(x: 20, y: y + 21 + 17 * Double(row)), size: 12)
    }
    return y + 21 + 17 * Double(notes.count - 1)
  }

  private static func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }
}
