/// One diagram of the SVG picture: a frame, an axis with ticks at given places, and what is drawn in it.
struct HistogramPanel {
  let title: String
  let top: Double
  let height: Double
  let left: Double
  let right: Double
  /// The places on the horizontal axis.
  let ticks: [AxisTick]
  /// The axis of what is drawn, which begins at 0 or at what stands for it.
  let vertical: ValueAxis

  var bottom: Double { top + height }

  private func x(_ position: Double) -> Double { left + position * (right - left) }
  private func y(_ value: Double) -> Double { bottom - vertical.position(of: value) * height }

  func drawAxes(on canvas: inout SVGCanvas) {
    for tick in ticks {
      canvas.line(
        .init(x: x(tick.position), y: top), .init(x: x(tick.position), y: bottom),
        color: "#e4e4e4")
    }
    let labels = vertical.ticks(
      showing: [0], minimumDistance: 20 / height, label: HistogramPanel.label)
    for tick in labels {
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

  /// Draws the labels of the ticks, and below them what the axis means.
  func drawTickLabels(axis: String, on canvas: inout SVGCanvas) {
    for tick in ticks {
      canvas.label(tick.label, at: .init(x: x(tick.position), y: bottom + 20), anchor: .middle)
    }
    canvas.label(axis, at: .init(x: (left + right) / 2, y: bottom + 44), anchor: .middle)
  }

  /// Draws the outline of bins that share the width equally.
  func drawOutline(
    _ values: [Double], style: SVGSeriesStyle, isFilled: Bool, on canvas: inout SVGCanvas
  ) {
    let steps = values.enumerated().flatMap { index, value in
      [index, index + 1].map { edge in
        SVGCanvas.Point(x: x(Double(edge) / Double(values.count)), y: y(value))
      }
    }
    let outline = [.init(x: left, y: bottom)] + steps + [.init(x: right, y: bottom)]
    if isFilled { canvas.area(outline, color: style.color) }
    canvas.path(outline, style: style)
  }

  /// Draws a line through values at places that share the width equally.
  func drawCurve(_ values: [Double], style: SVGSeriesStyle, on canvas: inout SVGCanvas) {
    canvas.path(
      values.enumerated().map { index, value in
        .init(x: x(Double(index) / Double(max(values.count - 1, 1))), y: y(value))
      }, style: style)
  }

  /// Draws words in place of what cannot be drawn.
  func drawNote(_ text: String, on canvas: inout SVGCanvas) {
    canvas.label(
      text, at: .init(x: (left + right) / 2, y: (top + bottom) / 2), anchor: .middle)
  }

  /// A number with as few digits as it needs, with a power of ten if it is small.
  private static func label(_ value: Double) -> String {
    value > 0 && value < 0.001 ? "\(value)" : NumberText.trimmed(value)
  }
}
