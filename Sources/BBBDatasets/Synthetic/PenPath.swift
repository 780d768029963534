import BBBKernels
import BBBTensors

/// The way of the pen across the image: straight pieces, in pixels.
struct PenPath {
  /// A straight piece.
  struct Piece {
    var start: GlyphTemplate.Point
    var end: GlyphTemplate.Point
  }

  private(set) var pieces: [Piece] = []

  /// Follows a template with an unsteady hand.
  ///
  /// - Parameters:
  ///   - template: The points to pass.
  ///   - jitter: The standard deviation by which each is missed.
  ///   - random: The source of randomness.
  ///   - deformation: What is done to every point of the way.
  init(
    _ template: GlyphTemplate, jitter: Double, random: inout SplitMix64,
    deformation: GlyphDeformation
  ) {
    for stroke in template.strokes {
      var last: GlyphTemplate.Point?
      for arc in stroke.arcs {
        var points = last.map { [$0] } ?? []
        for point in arc {
          let x = point.x + random.nextNormal() * jitter
          let y = point.y + random.nextNormal() * jitter
          points.append(GlyphTemplate.Point(x: x, y: y))
        }
        last = points.last
        append(arcThrough: points, deformation)
      }
    }
  }

  /// Adds a Catmull–Rom spline: a smooth curve through all points.
  private mutating func append(
    arcThrough points: [GlyphTemplate.Point], _ deformation: GlyphDeformation
  ) {
    guard var start = points.first.map({ deformation($0) }) else { return }
    for index in points.indices.dropLast() {
      let before = points[max(0, index - 1)]
      let from = points[index]
      let to = points[index + 1]
      let after = points[min(points.count - 1, index + 2)]
      for step in 1...Self.stepCount {
        let t = Double(step) / Double(Self.stepCount)
        func interpolate(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
          let cubic = (3 * (b - c) + d - a) * t
          let quadratic = (2 * a - 5 * b + 4 * c - d + cubic) * t
          return b + (c - a + quadratic) * t / 2
        }
        let end = deformation(
          GlyphTemplate.Point(
            x: interpolate(before.x, from.x, to.x, after.x),
            y: interpolate(before.y, from.y, to.y, after.y)))
        pieces.append(Piece(start: start, end: end))
        start = end
      }
    }
  }

  /// The number of straight pieces between two points of a template.
  private static let stepCount = 4

  /// Scales the path to a size and moves its middle to a place.
  ///
  /// - Parameters:
  ///   - extent: The larger of its width and height, afterwards.
  ///   - center: The middle of its bounding box, afterwards.
  mutating func fit(extent: Double, center: GlyphTemplate.Point) {
    guard let first = pieces.first?.start else { return }
    var low = first
    var high = first
    for point in pieces.lazy.map(\.end) {
      low = GlyphTemplate.Point(x: min(low.x, point.x), y: min(low.y, point.y))
      high = GlyphTemplate.Point(x: max(high.x, point.x), y: max(high.y, point.y))
    }
    let scale = extent / max(high.x - low.x, high.y - low.y, 1)
    func place(_ point: GlyphTemplate.Point) -> GlyphTemplate.Point {
      GlyphTemplate.Point(
        x: (point.x - (low.x + high.x) / 2) * scale + center.x,
        y: (point.y - (low.y + high.y) / 2) * scale + center.y)
    }
    for index in pieces.indices {
      pieces[index] = Piece(start: place(pieces[index].start), end: place(pieces[index].end))
    }
  }
}
