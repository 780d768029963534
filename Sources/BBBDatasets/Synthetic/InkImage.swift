import BBBKernels
import BBBTensors

/// Ink on a square of pixels: for each, how near the pen came.
struct InkImage {
  /// The width and the height in pixels.
  static let side = 28

  /// The square of the distance from each pixel's middle to the path, row-major; infinite where far.
  private var squares = [Double](repeating: .infinity, count: side * side)
  private let reach: Double
  private let radius: Double
  private let softness: Double

  /// Draws a path.
  ///
  /// - Parameters:
  ///   - path: The way of the pen, in pixels.
  ///   - radius: Half the width of the line, in pixels.
  ///   - softness: The width, in pixels, over which the line's edge fades.
  init(_ path: PenPath, radius: Double, softness: Double) {
    self.radius = radius
    self.softness = softness
    reach = radius + softness / 2
    for piece in path.pieces { draw(piece) }
  }

  private mutating func draw(_ piece: PenPath.Piece) {
    let (start, end) = (piece.start, piece.end)
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let length = dx * dx + dy * dy
    for row in pixels(from: min(start.y, end.y), to: max(start.y, end.y)) {
      let y = Double(row) + 0.5 - start.y
      for column in pixels(from: min(start.x, end.x), to: max(start.x, end.x)) {
        let x = Double(column) + 0.5 - start.x
        // How far along the piece its nearest point is, 0…1.
        let t = length > 0 ? max(0, min(1, (x * dx + y * dy) / length)) : 0
        let (distanceX, distanceY) = (x - t * dx, y - t * dy)
        let square = distanceX * distanceX + distanceY * distanceY
        let index = row * Self.side + column
        if square < squares[index] { squares[index] = square }
      }
    }
  }

  /// The pixels whose middles are within reach of an interval.
  private func pixels(from low: Double, to high: Double) -> Range<Int> {
    let limit = Double(Self.side)
    let first = max(0, min(limit, (low - reach).rounded(.down)))
    let end = max(first, min(limit, (high + reach).rounded(.up)))
    return Int(first)..<Int(end)
  }

  /// The grey values.
  ///
  /// - Parameters:
  ///   - intensity: That of full ink, 0…255.
  ///   - noise: The standard deviation by which ink varies from pixel to pixel, as a fraction.
  ///   - random: The source of randomness.
  /// - Returns: One byte per pixel, row-major; 0 where there is no ink.
  func bytes(intensity: Double, noise: Double, random: inout SplitMix64) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: squares.count)
    for (index, square) in squares.enumerated() where square < reach * reach {
      let cover = min(1, (reach - square.squareRoot()) / softness)
      let value = cover * intensity * (1 + random.nextNormal() * noise)
      bytes[index] = UInt8(max(0, min(255, value.rounded())))
    }
    return bytes
  }
}
