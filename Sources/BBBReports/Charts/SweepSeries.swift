import BBBEvaluation

/// A line of a diagram: one value of each point of a curve.
struct SweepSeries {
  let curve: SweepCurve
  let style: SVGSeriesStyle
  /// Whether each point has a marker, and its interval a bar.
  var hasMarkers = true
  /// What is drawn of a point; `nil` if it was not measured.
  let value: (SweepPoint) -> Double?

  /// The points that a plot can show, each with its value.
  var plottedPoints: [(point: SweepPoint, value: Double)] {
    curve.plottedPoints.compactMap { point in
      value(point).flatMap { $0.finite }.map { (point, $0) }
    }
  }

  /// Draws the line, its markers and the intervals.
  ///
  /// - Parameters:
  ///   - frame: A frame whose horizontal axis is one of sparsity.
  ///   - interval: The ends of each point's confidence interval; `nil` if it is no error, and no test concerns it.
  ///   - canvas: What to draw on.
  func draw(
    in frame: ChartFrame, interval: ((SweepPoint) -> (low: Double, high: Double))?,
    on canvas: inout SVGCanvas
  ) {
    let points = plottedPoints
    if let interval, hasMarkers {
      for (point, _) in points {
        let (low, high) = interval(point)
        guard low.isFinite, high.isFinite else { continue }
        frame.drawInterval(point.sparsity, low, high, color: style.color, on: &canvas)
      }
    }
    canvas.path(points.map { frame.place($0.point.sparsity, $0.value) }, style: style)
    for (point, value) in points where hasMarkers {
      let isFilled = interval == nil || !curve.isSignificantlyWorse(point)
      frame.drawMarker(point.sparsity, value, style: style, isFilled: isFilled, on: &canvas)
    }
  }
}
