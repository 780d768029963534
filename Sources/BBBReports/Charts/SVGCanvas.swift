/// Elements of an SVG document, written one per line with numbers of fixed precision.
package struct SVGCanvas {
  /// A place in pixels, y downwards.
  package struct Point {
    package var x: Double
    package var y: Double

    /// Creates a place.
    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// Which end of a text stands at its place.
  package enum Anchor: String {
    case start
    case middle
    case end
  }

  /// How wide every picture is, in pixels.
  package static let width = 760.0

  private var elements: [String] = []

  /// Creates an empty document.
  package init() {}

  /// The whole document.
  ///
  /// - Parameters:
  ///   - height: The height in pixels.
  ///   - title: What screen readers announce.
  ///   - description: What screen readers read on request.
  /// - Returns: An SVG document.
  package func document(height: Int, title: String, description: String) -> String {
    let width = Int(Self.width)
    let head = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\""
        + " viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-labelledby=\"title desc\""
        + " font-family=\"system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial,"
        + " 'DejaVu Sans', sans-serif\" font-size=\"13\" fill=\"#222\">",
      "<title id=\"title\">\(Self.escaped(title))</title>",
      "<desc id=\"desc\">\(Self.escaped(description))</desc>",
      "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#fff\"/>",
    ]
    return (head + elements + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  /// Draws the title of the picture, and below it what it is of.
  ///
  /// - Parameters:
  ///   - title: The title.
  ///   - subtitle: A line of facts.
  package mutating func heading(_ title: String, _ subtitle: String) {
    label(title, at: .init(x: 20, y: 32), size: 18, isBold: true)
    label(subtitle, at: .init(x: 20, y: 54))
  }

  package mutating func line(_ start: Point, _ end: Point, color: String, width: Double = 1) {
    elements.append(
      "<line x1=\"\(text(start.x))\" y1=\"\(text(start.y))\" x2=\"\(text(end.x))\""
        + " y2=\"\(text(end.y))\" stroke=\"\(color)\" stroke-width=\"\(text(width))\"/>")
  }

  package mutating func path(_ points: [Point], style: SVGSeriesStyle) {
    guard points.count > 1 else { return }
    let dashes = style.dashes.isEmpty ? "" : " stroke-dasharray=\"\(style.dashes)\""
    elements.append(
      "<polyline points=\"\(list(points))\" fill=\"none\" stroke=\"\(style.color)\""
        + " stroke-width=\"1.8\" stroke-linejoin=\"round\"\(dashes)/>")
  }

  /// Fills the area that corners enclose, pale enough for lines to be seen through it.
  package mutating func area(_ corners: [Point], color: String) {
    guard corners.count > 2 else { return }
    elements.append(
      "<polygon points=\"\(list(corners))\" fill=\"\(color)\" fill-opacity=\"0.2\"/>")
  }

  package mutating func marker(at point: Point, style: SVGSeriesStyle, isFilled: Bool) {
    let paint =
      "fill=\"\(isFilled ? style.color : "#fff")\" stroke=\"\(style.color)\" stroke-width=\"1.6\"/>"
    if let outline = style.marker.outline {
      let corners = outline.map { Point(x: point.x + $0.x, y: point.y + $0.y) }
      elements.append("<polygon points=\"\(list(corners))\" \(paint)")
    } else {
      elements.append("<circle cx=\"\(text(point.x))\" cy=\"\(text(point.y))\" r=\"4\" \(paint)")
    }
  }

  package mutating func label(
    _ content: String, at point: Point, anchor: Anchor = .start, size: Int = 13,
    isBold: Bool = false
  ) {
    let place = "\(text(point.x)) \(text(point.y))"
    elements.append(
      "<text transform=\"translate(\(place))\""
        + " text-anchor=\"\(anchor.rawValue)\" font-size=\"\(size)\""
        + "\(isBold ? " font-weight=\"600\"" : "")>\(Self.escaped(content))</text>")
  }

  private func list(_ points: [Point]) -> String {
    points.map { "\(text($0.x)),\(text($0.y))" }.joined(separator: " ")
  }

  private func text(_ value: Double) -> String { NumberText.fixed(value, decimals: 1) }

  /// A text as XML holds it; characters that XML cannot hold become U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += " "
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
