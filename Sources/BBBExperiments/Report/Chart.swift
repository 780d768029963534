import BBBReports

/// The frame of a chart in an SVG picture, and what is drawn in it.
struct Chart {
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double
  let horizontal: ChartAxis
  let vertical: ChartAxis

  private static let gridColor = "#e4e4e4"
  private static let axisColor = "#222"

  /// The place of a pair of values in the picture.
  func place(_ x: Double, _ y: Double) -> SVGCanvas.Point {
    .init(
      x: left + horizontal.position(of: x) * (right - left),
      y: bottom - vertical.position(of: y) * (bottom - top))
  }

  /// Draws axes, grid, labels and titles.
  func drawFrame(horizontalTitle: String, verticalTitle: String, on canvas: inout SVGCanvas) {
    for tick in horizontal.ticks {
      let x = left + tick.position * (right - left)
      canvas.line(.init(x: x, y: top), .init(x: x, y: bottom), color: Self.gridColor)
      canvas.label(tick.label, at: .init(x: x, y: bottom + 20), anchor: .middle)
    }
    for tick in vertical.ticks {
      let y = bottom - tick.position * (bottom - top)
      canvas.line(.init(x: left, y: y), .init(x: right, y: y), color: Self.gridColor)
      canvas.label(tick.label, at: .init(x: left - 8, y: y + 4.5), anchor: .end)
    }
    canvas.line(.init(x: left, y: top), .init(x: left, y: bottom), color: Self.axisColor)
    canvas.line(.init(x: left, y: bottom), .init(x: right, y: bottom), color: Self.axisColor)
    canvas.label(
      horizontalTitle, at: .init(x: (left + right) / 2, y: bottom + 44), anchor: .middle)
    if !verticalTitle.isEmpty {
      canvas.label(
        verticalTitle, at: .init(x: 18, y: (top + bottom) / 2), anchor: .middle,
        isVertical: true)
    }
  }

  /// Fills what lies between two curves over the same x.
  func drawBand(
    _ x: [Double], low: [Double], high: [Double], color: String, on canvas: inout SVGCanvas
  ) {
    let upper = zip(x, high).map { place($0, $1) }
    let lower = zip(x, low).map { place($0, $1) }
    canvas.area(upper + lower.reversed(), color: color)
  }

  /// Draws a line through points; what is beyond the vertical axis is left out.
  func drawLine(_ x: [Double], _ y: [Double], style: SVGSeriesStyle, on canvas: inout SVGCanvas) {
    var part: [SVGCanvas.Point] = []
    for index in x.indices {
      let isShown = vertical.reaches(y[index])
      if index > 0, isShown != vertical.reaches(y[index - 1]) {
        let end = vertical.end(before: isShown ? y[index - 1] : y[index])
        let share = (end - y[index - 1]) / (y[index] - y[index - 1])
        part.append(place(x[index - 1] + share * (x[index] - x[index - 1]), end))
      }
      if isShown {
        part.append(place(x[index], y[index]))
      } else {
        canvas.path(part, style: style)
        part = []
      }
    }
    canvas.path(part, style: style)
  }

  /// Draws a small upright cross at each point.
  func drawCrosses(_ x: [Double], _ y: [Double], color: String, on canvas: inout SVGCanvas) {
    for (x, y) in zip(x, y) {
      let center = place(x, y)
      canvas.line(
        .init(x: center.x - 2.5, y: center.y - 2.5), .init(x: center.x + 2.5, y: center.y + 2.5),
        color: color)
      canvas.line(
        .init(x: center.x - 2.5, y: center.y + 2.5), .init(x: center.x + 2.5, y: center.y - 2.5),
        color: color)
    }
  }
}
