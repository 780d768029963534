/// What tells the lines of the page apart.
enum ReportLegend {
  /// The shapes of the markers, which every chart uses.
  static var markers: String {
    let shapes = SVGSeriesStyle.Marker.allCases.enumerated().map { index, marker in
      guard let outline = marker.outline else {
        return "<circle id=\"marker\(index)\" r=\"3.2\"/>"
      }
      let corners = outline.map { "\(percentText(0.8 * $0.x)),\(percentText(0.8 * $0.y))" }.joined(
        separator: " ")
      return "<polygon id=\"marker\(index)\" points=\"\(corners)\"/>"
    }
    return "<svg class=\"markers\" aria-hidden=\"true\"><defs>\(shapes.joined())</defs></svg>"
  }

  /// A piece of a line with its marker.
  static func key(_ series: ReportModel.Series) -> String {
    "<svg class=\"key\" aria-hidden=\"true\"><line class=\"line \(series.classes)\" x2=\"24\" y1=\"6\""
      + " y2=\"6\"/>"
      + (series.isReference
        ? ""
        : "<use href=\"#marker\(series.marker)\" class=\"dot \(series.classes)\" x=\"12\" y=\"6\"/>")
      + "</svg>"
  }

  /// What holds for all charts; the lines of each are named above it.
  static func html(_ model: ReportModel) -> String {
    var items = ["<li><span class=\"sample\"></span>95 % confidence interval</li>"]
    let isOpen = model.curves.contains { curve in
      curve.points.contains(where: curve.isSignificantlyWorse)
    }
    if isOpen {
      items.append(
        "<li><svg class=\"key\" aria-hidden=\"true\"><use href=\"#marker0\" class=\"dot open c0\""
          + " x=\"12\" y=\"6\"/></svg>hollow: significantly more errors than unpruned</li>")
    }
    return "<ul class=\"legend\">\(items.joined(separator: "\n"))</ul>"
  }
}
