import BBBKernels
import BBBTensors

/// How one writer's hand differs from the template: a smooth random map of the plane.
///
/// Only +, −, × and ÷ in double precision, which IEEE 754 rounds alike on every platform.
struct GlyphDeformation {
  /// The coefficients, for x and for y, of a polynomial of degree 3 without its affine part.
  private var bends: [(x: Double, y: Double)] = []
  private var stretch: Double
  private var slant: Double
  private var cosine: Double
  private var sine: Double

  /// Draws a deformation.
  ///
  /// - Parameters:
  ///   - carelessness: About 1; how far it goes.
  ///   - random: The source of randomness.
  init(carelessness: Double, random: inout SplitMix64) {
    for _ in 0..<Self.bendCount {
      let x = random.nextNormal() * Self.bend * carelessness
      let y = random.nextNormal() * Self.bend * carelessness
      bends.append((x, y))
    }
    stretch = max(0.5, 1 + random.nextNormal() * 0.18)
    slant = 0.12 + random.nextNormal() * 0.22
    // The rational parametrisation of the circle by the tangent of half the angle.
    let tangent = random.nextNormal() * 0.08 * carelessness
    let square = tangent * tangent
    cosine = (1 - square) / (1 + square)
    sine = 2 * tangent / (1 + square)
  }

  private static let bendCount = 7
  private static let bend = 2.9

  /// Maps a point of the template, about its middle.
  func callAsFunction(_ point: GlyphTemplate.Point) -> GlyphTemplate.Point {
    // −1…1 from edge to edge.
    let u = (point.x - 30) / 50
    let v = (point.y - 50) / 50
    // Legendre's polynomials keep the terms apart: each bends in its own way.
    let u2 = (3 * u * u - 1) / 2
    let v2 = (3 * v * v - 1) / 2
    let u3 = (5 * u * u - 3) * u / 2
    let v3 = (5 * v * v - 3) * v / 2
    var x = point.x - 30
    var y = point.y - 50
    for (term, bend) in zip([u2, u * v, v2, u3, u2 * v, u * v2, v3], bends) {
      x += term * bend.x
      y += term * bend.y
    }
    x = x * stretch - y * slant
    return GlyphTemplate.Point(x: x * cosine - y * sine, y: x * sine + y * cosine)
  }
}

extension SplitMix64 {
  /// A number with mean 0 and variance 1: the sum of four uniform ones, nearly normal, within ±3.5.
  mutating func nextNormal() -> Double {
    let bits = next()
    let sum = [0, 16, 32, 48].reduce(0) { $0 + Int(bits >> UInt64($1) & 0xFFFF) }
    // Four numbers of 16 bits have the mean 131,070 and, nearly, the variance 4 · 2³²/12.
    return Double(sum - 131_070) * 0x1p-16 * 1.732_050_807_568_877_2
  }
}
