/// The connections that each pixel has left to the first layer, as a picture.
struct ReportPixels {
  /// What the page's script needs to draw the picture of another point.
  struct Content: Encodable {
    var height: Int
    var width: Int
    /// By point and pixel.
    var connections: [[Int]]
  }

  /// The number of shades, beside that of pixels without any connection.
  static let shadeCount = 16
  /// Pictures beyond that are left out: they would be most of the page.
  static let mostPixels = 16_384

  let content: Content
  private let chosen: Int?

  /// The picture of the curve that the page is about; `nil` if the inputs are no picture, or connections were not recorded.
  init?(_ model: ReportModel, exampleShape: [Int]) {
    let extents = exampleShape.filter { $0 != 1 }
    guard extents.count == 2, extents[0] * extents[1] <= Self.mostPixels else { return nil }
    let connections = (model.leadCurve?.points ?? [])
      .map { $0.structure?.connectionsPerInput ?? [] }
    guard !connections.isEmpty,
      connections.allSatisfy({ $0.count == extents[0] * extents[1] })
    else { return nil }
    content = Content(height: extents[0], width: extents[1], connections: connections)
    chosen =
      model.stops.indices.contains(model.chosen)
      ? model.stops[model.chosen].points[ReportModel.lead] : nil
  }

  /// The picture; if the curve has no point at the sparsity chosen, an empty one.
  var html: String {
    let counts = chosen.map { content.connections[$0] } ?? []
    let most = counts.max() ?? 0
    let place = counts.firstIndex(of: most) ?? 0
    func number(_ field: String, _ value: Int) -> String {
      "<data data-pixels=\"\(field)\" value=\"\(counts.isEmpty ? "" : "\(value)")\">"
        + "\(counts.isEmpty ? NumberText.missing : NumberText.grouped(value))</data>"
    }
    let shades = Self.outlines(counts, width: content.width).enumerated().map { index, outline in
      "<path fill-opacity=\"\(NumberText.trimmed(Double(index + 1) / Double(Self.shadeCount)))\" d=\"\(outline)\"/>"
    }
    return """
      <section aria-labelledby="pixels">
      <h2 id="pixels">What the network still looks at</h2>
      <p class="lead">Connections that each of the \(content.height)×\(content.width) pixels has left to the \
      first layer; the more, the stronger the colour.</p>
      <figure class="picture">
      <svg class="pixels" role="img" viewBox="0 0 \(content.width) \(content.height)" \
      aria-labelledby="pixels-text" shape-rendering="crispEdges">\(shades.joined())</svg>
      <figcaption><p id="pixels-text">\
      \(number("unused", counts.count { $0 == 0 })) of \(NumberText.grouped(content.width * content.height)) pixels have no \
      connection left; the most, \(number("most", most)), are those of row \
      \(number("row", place / content.width + 1)), column \(number("column", place % content.width + 1)).</p>
      <p class="meaning" id="pixel-text"></p>
      <div class="strip" id="strip" hidden=""></div></figcaption>
      </figure>
      </section>
      """
  }

  /// For each shade the pixels that have it, as runs in a path.
  static func outlines(_ counts: [Int], width: Int) -> [String] {
    let most = max(counts.max() ?? 0, 1)
    var outlines = [String](repeating: "", count: shadeCount)
    var start = 0
    func shade(_ index: Int) -> Int { (counts[index] * shadeCount + most - 1) / most }
    while start < counts.count {
      let rowEnd = (start / width + 1) * width
      let current = shade(start)
      var end = start + 1
      while end < rowEnd, shade(end) == current { end += 1 }
      if current > 0 {
        outlines[current - 1] +=
          "M\(start % width) \(start / width)h\(end - start)v1h-\(end - start)z"
      }
      start = end
    }
    return outlines
  }
}
