import BBBKernels
import BBBTensors

/// Glyphs as an unsteady hand draws them.
enum HandDrawing {
  /// Draws one of several templates of a glyph.
  ///
  /// How far the drawing strays from the template is chosen so that a plain network of 400 hidden units
  /// twice errs on about 2 % of the digits, as on MNIST.
  ///
  /// - Parameters:
  ///   - templates: The ways in which the glyph is written.
  ///   - random: The source of randomness.
  /// - Returns: One byte per pixel of an ``InkImage``, row-major.
  static func pixels(
    _ templates: [GlyphTemplate], random: inout SplitMix64
  ) -> [UInt8] {
    let choice = Int(random.next().multipliedFullWidth(by: UInt64(templates.count)).high)
    let template = templates[choice]
    // Most are written neatly, a few not at all.
    let u = random.nextUniform()
    let carelessness = 0.69 + 1.2 * u * u * u
    let deformation = GlyphDeformation(carelessness: carelessness, random: &random)
    var path = PenPath(
      template, jitter: 2.9 * carelessness, random: &random, deformation: deformation)
    let middle = Double(InkImage.side) / 2
    let extent = 19.5 + 1.1 * random.nextNormal()
    let x = middle + random.nextNormal()
    let y = middle + random.nextNormal()
    path.fit(extent: extent, center: GlyphTemplate.Point(x: x, y: y))
    let radius = max(0.55, 1.2 + 0.35 * random.nextNormal())
    let softness = 0.9 + 0.9 * random.nextUniform()
    let image = InkImage(path, radius: radius, softness: softness)
    let intensity = 200 + 80 * random.nextUniform()
    return image.bytes(intensity: intensity, noise: 0.08, random: &random)
  }
}
