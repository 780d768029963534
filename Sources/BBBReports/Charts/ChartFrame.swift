/// The frame of a chart in an SVG picture, and what is drawn in it: the only one there is.
package struct ChartFrame {
  /// Where the frame is, in pixels.
  package let left: Double
  package let right: Double
  package let top: Double
  package let bottom: Double
  /// What is drawn against what.
  package let horizontal: ChartAxis
  package let vertical: ChartAxis
  /// How far inside the frame the horizontal axis begins and ends, lest markers hide the frame.
  package let margin: Double

  private static let gridColor = "#e4e4e4"
  private static let axisColor = "#222"

  /// A frame at a place.
  ///
  /// - Parameters:
  ///   - left: Its left edge; labels stand in the 60 pixels before it.
  ///   - right: Its right edge.
  ///   - top: Its upper edge; the vertical axis's title stands in the 20 pixels above it.
  ///   - height: Its height.
  ///   - margin: How far inside the frame the horizontal axis begins and ends.
  ///   - horizontal: The horizontal axis.
  ///   - vertical: The vertical axis.
  package init(
    left: Double = 78, right: Double = 732, top: Double, height: Double, margin: Double = 0,
    horizontal: ChartAxis, vertical: ChartAxis
  ) {
    self.left = left
    self.right = right
    self.top = top
    bottom = top + height
    self.margin = margin
    self.horizontal = horizontal
    self.vertical = vertical
  }

  private func x(_ position: Double) -> Double {
    left + margin + position * (right - left - 2 * margin)
  }
  private func y(_ position: Double) -> Double { bottom - position * (bottom - top) }

  /// The place of a pair of values in the picture.
  ///
  /// - Parameters:
  ///   - x: The value on the horizontal axis.
  ///   - y: The value on the vertical axis.
  /// - Returns: A place inside the frame.
  package func place(_ x: Double, _ y: Double) -> SVGCanvas.Point {
    .init(x: self.x(horizontal.position(of: x)), y: self.y(vertical.position(of: y)))
  }

  /// Draws grid, axes, the vertical axis's labels and above it its title.
  ///
  /// - Parameters:
  ///   - isLowest: Whether the horizontal axis has labels and a title, and not only a grid.
  ///   - canvas: What to draw on.
  package func drawAxes(isLowest: Bool = true, on canvas: inout SVGCanvas) {
    for tick in horizontal.ticks {
      let x = x(tick.position)
      canvas.line(.init(x: x, y: top), .init(x: x, y: bottom), color: Self.gridColor)
      if isLowest { canvas.label(tick.label, at: .init(x: x, y: bottom + 20), anchor: .middle) }
    }
    for tick in vertical.ticks {
      let y = y(tick.position)
      canvas.line(.init(x: left, y: y), .init(x: right, y: y), color: Self.gridColor)
      canvas.label(tick.label, at: .init(x: left - 8, y: y + 4.5), anchor: .end)
    }
    canvas.line(.init(x: left, y: top), .init(x: left, y: bottom), color: Self.axisColor)
    canvas.line(.init(x: left, y: bottom), .init(x: right, y: bottom), color: Self.axisColor)
    canvas.label(vertical.title, at: .init(x: left - 58, y: top - 13), isBold: true)
    if isLowest {
      canvas.label(
        horizontal.title, at: .init(x: (left + right) / 2, y: bottom + 44), anchor: .middle)
    }
  }

  /// Fills what lies between two curves over the same x.
  ///
  /// - Parameters:
  ///   - x: The values on the horizontal axis.
  ///   - low: The lower curve.
  ///   - high: The upper curve.
  ///   - color: The colour, of which a pale shade fills.
  ///   - canvas: What to draw on.
  package func drawBand(
    _ x: [Double], low: [Double], high: [Double], color: String, on canvas: inout SVGCanvas
  ) {
    let upper = zip(x, high).map { place($0, $1) }
    let lower = zip(x, low).map { place($0, $1) }
    canvas.area(upper + lower.reversed(), color: color)
  }

  /// Draws a line through points; what is beyond the vertical axis is left out.
  ///
  /// - Parameters:
  ///   - x: The values on the horizontal axis.
  ///   - y: Those on the vertical one.
  ///   - style: What the line looks like.
  ///   - canvas: What to draw on.
  package func drawLine(
    _ x: [Double], _ y: [Double], style: SVGSeriesStyle, on canvas: inout SVGCanvas
  ) {
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

  /// Draws the outline of bins that share the width equally.
  ///
  /// - Parameters:
  ///   - values: How high each bin is.
  ///   - style: What the outline looks like.
  ///   - isFilled: Whether a pale shade fills it.
  ///   - canvas: What to draw on.
  func drawBins(
    _ values: [Double], style: SVGSeriesStyle, isFilled: Bool, on canvas: inout SVGCanvas
  ) {
    let steps = values.enumerated().flatMap { index, value in
      [index, index + 1].map { place(Double($0) / Double(values.count), value) }
    }
    let outline = [.init(x: left, y: bottom)] + steps + [.init(x: right, y: bottom)]
    if isFilled { canvas.area(outline, color: style.color) }
    canvas.path(outline, style: style)
  }

  /// Draws a marker.
  ///
  /// - Parameters:
  ///   - x: The value on the horizontal axis.
  ///   - y: That on the vertical one.
  ///   - style: What it looks like.
  ///   - isFilled: Whether it is filled.
  ///   - canvas: What to draw on.
  func drawMarker(
    _ x: Double, _ y: Double, style: SVGSeriesStyle, isFilled: Bool, on canvas: inout SVGCanvas
  ) {
    canvas.marker(at: place(x, y), style: style, isFilled: isFilled)
  }

  /// Draws an interval of values as an upright bar, with a cap at each end that the axis reaches.
  ///
  /// - Parameters:
  ///   - x: The value on the horizontal axis.
  ///   - low: The lower end.
  ///   - high: The upper end.
  ///   - color: The colour.
  ///   - canvas: What to draw on.
  func drawInterval(
    _ x: Double, _ low: Double, _ high: Double, color: String, on canvas: inout SVGCanvas
  ) {
    canvas.line(place(x, low), place(x, high), color: color)
    for end in [low, high] where vertical.reaches(end) {
      let cap = place(x, end)
      canvas.line(.init(x: cap.x - 3, y: cap.y), .init(x: cap.x + 3, y: cap.y), color: color)
    }
  }

  /// Draws an upright line through the whole frame.
  ///
  /// - Parameters:
  ///   - x: The value on the horizontal axis.
  ///   - label: What stands beside its upper end, if anything.
  ///   - style: What it looks like.
  ///   - canvas: What to draw on.
  func drawUpright(
    _ x: Double, label: String? = nil, style: SVGSeriesStyle, on canvas: inout SVGCanvas
  ) {
    let x = self.x(horizontal.position(of: x))
    canvas.path([.init(x: x, y: top), .init(x: x, y: bottom)], style: style)
    guard let label else { return }
    // Towards the middle, where there is room.
    let isLeft = x < (left + right) / 2
    canvas.label(
      label, at: .init(x: x + (isLeft ? 5 : -5), y: top + 13), anchor: isLeft ? .start : .end,
      size: 12)
  }

  /// Draws a small cross at each point.
  ///
  /// - Parameters:
  ///   - x: The values on the horizontal axis.
  ///   - y: Those on the vertical one.
  ///   - color: The colour.
  ///   - canvas: What to draw on.
  package func drawCrosses(
    _ x: [Double], _ y: [Double], color: String, on canvas: inout SVGCanvas
  ) {
    for (x, y) in zip(x, y) {
      let center = place(x, y)
      for rise in [-2.5, 2.5] {
        canvas.line(
          .init(x: center.x - 2.5, y: center.y - rise),
          .init(x: center.x + 2.5, y: center.y + rise), color: color)
      }
    }
  }

  /// Writes words in place of what cannot be drawn.
  ///
  /// - Parameters:
  ///   - text: The words.
  ///   - canvas: What to draw on.
  func drawNote(_ text: String, on canvas: inout SVGCanvas) {
    canvas.label(text, at: .init(x: (left + right) / 2, y: (top + bottom) / 2), anchor: .middle)
  }
}
