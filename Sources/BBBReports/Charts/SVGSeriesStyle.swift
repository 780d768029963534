/// How one curve is told from the others, in colour and without.
package struct SVGSeriesStyle {
  /// The shape that stands at each point.
  enum Marker: CaseIterable {
    case circle
    case square
    case triangle
    case diamond
    case invertedTriangle
    case plus
    case star
    case hexagon

    /// The corners around the origin in pixels; `nil` for the circle.
    var outline: [SVGCanvas.Point]? {
      switch self {
      case .circle: nil
      case .square: Self.corners((-3.7, -3.7), (3.7, -3.7), (3.7, 3.7), (-3.7, 3.7))
      case .triangle: Self.corners((0, -5), (4.8, 3.6), (-4.8, 3.6))
      case .diamond: Self.corners((0, -5.4), (5.4, 0), (0, 5.4), (-5.4, 0))
      case .invertedTriangle: Self.corners((0, 5), (4.8, -3.6), (-4.8, -3.6))
      case .plus:
        Self.corners(
          (-1.7, -5), (1.7, -5), (1.7, -1.7), (5, -1.7), (5, 1.7), (1.7, 1.7), (1.7, 5), (-1.7, 5),
          (-1.7, 1.7), (-5, 1.7), (-5, -1.7), (-1.7, -1.7))
      case .star:
        Self.corners(
          (0, -5.8), (1.5, -2), (5.5, -1.8), (2.4, 0.8), (3.4, 4.7), (0, 2.5), (-3.4, 4.7),
          (-2.4, 0.8), (-5.5, -1.8), (-1.5, -2))
      case .hexagon:
        Self.corners((-5, 0), (-2.5, -4.3), (2.5, -4.3), (5, 0), (2.5, 4.3), (-2.5, 4.3))
      }
    }

    private static func corners(_ places: (x: Double, y: Double)...) -> [SVGCanvas.Point] {
      places.map { SVGCanvas.Point(x: $0.x, y: $0.y) }
    }
  }

  // After Okabe and Ito's colours, which the colour-blind can tell apart; black is for axes. As many as
  // there are criteria.
  static let colors = [
    "#0072B2", "#D55E00", "#007A5A", "#B3478F", "#8A6A00", "#4D4D4D", "#46A0DC",
    "#6A51C4",
  ]
  private static let dashPatterns = [
    "", "7 4", "2 3", "10 3 2 3", "14 4", "5 2 1 2", "1 4",
    "9 2 2 2",
  ]

  package let color: String
  /// The lengths of strokes and gaps in pixels; empty for a continuous line.
  private(set) var dashes: String
  let marker: Marker

  /// A style of no curve, for what holds for all of them.
  static let neutral = SVGSeriesStyle(index: 5)

  /// The same colour in fine dashes: what belongs to the curve of this style and is not the curve.
  var dashed: SVGSeriesStyle {
    var style = self
    style.dashes = "3 4"
    return style
  }

  /// The same colour in dots: what the curve would be without what was done besides.
  var dotted: SVGSeriesStyle {
    var style = self
    style.dashes = "1 3"
    return style
  }

  /// The same curve as another method, or none, would give it.
  ///
  /// - Parameter method: Which method; 0 has a continuous line.
  /// - Returns: The same colour and marker in the dashes of the method.
  func drawn(forMethod method: Int) -> SVGSeriesStyle {
    var style = self
    style.dashes = Self.dashPatterns[method % Self.dashPatterns.count]
    return style
  }

  /// The style of the curve at `index`: eight, as many as there are criteria.
  ///
  /// - Parameter index: The number of the curve; the styles repeat after eight.
  package init(index: Int) {
    color = Self.colors[index % Self.colors.count]
    dashes = Self.dashPatterns[index % Self.dashPatterns.count]
    marker = Marker.allCases[index % Marker.allCases.count]
  }
}
