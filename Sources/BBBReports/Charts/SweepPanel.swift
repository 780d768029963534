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
}

/// One diagram of the SVG picture: values of each point against sparsity.
struct SweepPanel {
  let title: String
  let top: Double
  let height: Double
  let left: Double
  let right: Double
  let series: [SweepSeries]
  let horizontal: SparsityAxis
  /// The ends of its confidence interval; `nil` if it is no error rate, and no test concerns it.
  let interval: ((SweepPoint) -> (low: Double, high: Double))?
  /// Where the axis ends if every value is 0.
  let emptyEnd: Double
  /// The text for a value on the axis.
  let label: (Double) -> String

  var bottom: Double { top + height }

  /// The place of a position on the sparsity axis, which begins beside the frame, lest markers hide it.
  func x(_ position: Double) -> Double { left + 12 + position * (right - left - 24) }

  func draw(on canvas: inout SVGCanvas) {
    let points = series.flatMap(\.plottedPoints)
    let values = points.map(\.value)
    let marked = series.filter(\.hasMarkers).flatMap(\.plottedPoints)
    let bounds = interval.map { interval in marked.map { interval($0.point).high } } ?? []
    let vertical = ValueAxis(
      values, reaching: bounds.filter(\.isFinite), emptyEnd: emptyEnd)
    drawAxes(vertical, values, on: &canvas)
    for line in series { draw(line, vertical, on: &canvas) }
  }

  private func drawAxes(_ vertical: ValueAxis, _ values: [Double], on canvas: inout SVGCanvas) {
    for tick in horizontal.ticks(minimumDistance: 0.06) {
      let x = x(tick.position)
      canvas.line(.init(x: x, y: top), .init(x: x, y: bottom), color: "#e4e4e4")
    }
    let ticks = vertical.ticks(showing: values, minimumDistance: 20 / height, label: label)
    for tick in ticks {
      let y = bottom - tick.position * height
      canvas.line(.init(x: left, y: y), .init(x: right, y: y), color: "#e4e4e4")
      canvas.label(tick.label, at: .init(x: left - 8, y: y + 4.5), anchor: .end)
    }
    canvas.line(.init(x: left, y: top), .init(x: left, y: bottom), color: "#222")
    canvas.line(.init(x: left, y: bottom), .init(x: right, y: bottom), color: "#222")
    canvas.label(
      title + (vertical.isLogarithmic ? " (log scale)" : ""),
      at: .init(x: 18, y: (top + bottom) / 2), anchor: .middle, isVertical: true)
  }

  private func draw(
    _ line: SweepSeries, _ vertical: ValueAxis, on canvas: inout SVGCanvas
  ) {
    let style = line.style
    func place(_ point: SweepPoint, _ value: Double) -> SVGCanvas.Point {
      .init(
        x: x(horizontal.position(of: point.sparsity)),
        y: bottom - vertical.position(of: value) * height)
    }
    let points = line.plottedPoints
    if let interval, line.hasMarkers {
      for (point, _) in points {
        let (low, high) = interval(point)
        guard low.isFinite, high.isFinite else { continue }
        canvas.line(place(point, low), place(point, high), color: style.color)
        // A bar that is cut off by the axis has no cap there.
        for end in [low, high] where vertical.reaches(end) {
          let cap = place(point, end)
          canvas.line(
            .init(x: cap.x - 3, y: cap.y), .init(x: cap.x + 3, y: cap.y), color: style.color)
        }
      }
    }
    canvas.path(points.map { place($0.point, $0.value) }, style: style)
    for (point, value) in points where line.hasMarkers {
      let isFilled = interval == nil || !line.curve.isSignificantlyWorse(point)
      canvas.marker(at: place(point, value), style: style, isFilled: isFilled)
    }
  }
}
