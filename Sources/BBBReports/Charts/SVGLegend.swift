/// What tells the lines of a picture apart.
package enum SVGLegend {
  /// A line, and what it is.
  package struct Entry {
    /// What it is.
    package var label: String
    /// What it looks like.
    package var style: SVGSeriesStyle
    /// Whether its points have markers.
    package var hasMarkers: Bool

    /// Describes a line.
    ///
    /// - Parameters:
    ///   - label: What it is.
    ///   - style: What it looks like.
    ///   - hasMarkers: Whether its points have markers.
    package init(label: String, style: SVGSeriesStyle, hasMarkers: Bool = false) {
      self.label = label
      self.style = style
      self.hasMarkers = hasMarkers
    }
  }

  /// Draws entries beside each other, in as many rows as they need.
  ///
  /// - Parameters:
  ///   - entries: What to draw.
  ///   - top: The baseline of the first row.
  ///   - canvas: What to draw on.
  /// - Returns: The baseline of the last row.
  @discardableResult
  package static func draw(
    _ entries: [Entry], from top: Double, on canvas: inout SVGCanvas
  ) -> Double {
    var x = 20.0
    var y = top
    for entry in entries {
      // No font is at hand to measure with: 7.5 pixels is a wide character of 13 pixels.
      let entryWidth = 46 + Double(entry.label.count) * 7.5 + 16
      if x > 20, x + entryWidth > SVGCanvas.width { (x, y) = (20, y + 21) }
      canvas.path([.init(x: x, y: y - 4.5), .init(x: x + 38, y: y - 4.5)], style: entry.style)
      if entry.hasMarkers {
        canvas.marker(at: .init(x: x + 19, y: y - 4.5), style: entry.style, isFilled: true)
      }
      canvas.label(entry.label, at: .init(x: x + 46, y: y))
      x += entryWidth
    }
    return y
  }
}
