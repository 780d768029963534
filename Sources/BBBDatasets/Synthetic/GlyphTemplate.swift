/// How a pen draws a digit or a letter: strokes, in units of which it is 100 high, y pointing down.
struct GlyphTemplate: Sendable {
  /// A point that the pen passes.
  struct Point: Sendable {
    var x: Double
    var y: Double
  }

  /// What the pen draws without being lifted: smooth arcs with sharp turns between them.
  ///
  /// Each arc but the first begins where the one before it ends, and lists only the points after that.
  struct Stroke: Sendable {
    var arcs: [[Point]]
  }

  var strokes: [Stroke]

  /// Writes a template down as strokes of arcs of points.
  init(_ strokes: [[[(x: Int, y: Int)]]]) {
    self.strokes = strokes.map { arcs in
      Stroke(arcs: arcs.map { $0.map { Point(x: Double($0.x), y: Double($0.y)) } })
    }
  }
}
