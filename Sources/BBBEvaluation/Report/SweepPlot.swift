/// A sweep as an SVG picture: error against sparsity, and below it file size against sparsity.
///
/// The curves differ by colour, dashes and marker, so that they can be told apart in black and white;
/// the bars are 95 % confidence intervals. The picture needs nothing but itself.
public enum SweepPlot {
  private static let width = 760
  private static let left = 78.0
  private static let right = 732.0

  /// Draws curves; the same curves give the same text.
  ///
  /// - Parameter curves: What to draw; points whose sparsity or error is not in 0...1 are left out.
  /// - Returns: An SVG document.
  public static func render(_ curves: [SweepCurve]) -> String {
    var canvas = SVGCanvas()
    let heading = drawHeading(of: curves, on: &canvas)
    let legend = drawLegend(of: curves, from: heading + 26, on: &canvas)

    let sparsities = curves.flatMap(\.plottedPoints).map(\.sparsity)
    let horizontal = SparsityAxis(sparsities)
    let errors = SweepPanel(
      title: "error, %", top: legend + 22, height: 290, left: left, right: right, curves: curves,
      horizontal: horizontal, value: { $0.error * 100 },
      interval: { ($0.errorLow * 100, $0.errorHigh * 100) }, emptyEnd: 1,
      label: NumberText.trimmed)
    errors.draw(on: &canvas)
    let sizes = SweepPanel(
      title: "file size", top: errors.bottom + 26, height: 160, left: left, right: right,
      curves: curves, horizontal: horizontal, value: { Double($0.bytes) }, interval: nil,
      emptyEnd: 1000, label: NumberText.bytes)
    sizes.draw(on: &canvas)
    for tick in horizontal.ticks(minimumDistance: 0.06) {
      canvas.label(
        tick.label, at: .init(x: sizes.x(tick.position), y: sizes.bottom + 20),
        anchor: .middle)
    }
    canvas.label(
      "sparsity: weights removed, % (the scale widens towards 100 %)",
      at: .init(x: (left + right) / 2, y: sizes.bottom + 44), anchor: .middle)
    return canvas.document(
      width: width, height: Int(sizes.bottom) + 60, title: title(of: curves),
      description: description(of: curves))
  }

  private static func title(of curves: [SweepCurve]) -> String {
    let datasets = distinct(curves.map(\.dataset)).joined(separator: ", ")
    return "Error and file size against sparsity" + (datasets.isEmpty ? "" : ": \(datasets)")
  }

  private static func description(of curves: [SweepCurve]) -> String {
    curves.map { "\($0.label(among: curves)): \(SweepVerdict.sentence(for: $0))" }
      .joined(separator: " ")
  }

  /// Draws title and subtitle, and returns the y of the last line.
  private static func drawHeading(of curves: [SweepCurve], on canvas: inout SVGCanvas) -> Double {
    canvas.label(title(of: curves), at: .init(x: 20, y: 32), size: 18, isBold: true)
    let checkpoints = distinct(curves.map(\.shortCheckpoint))
    let images = distinct(curves.flatMap(\.points).map(\.images)).map(NumberText.grouped)
    let weights = distinct(curves.map(\.weights)).map(NumberText.grouped)
    let facts = [(checkpoints, ""), (weights, " prunable weights"), (images, " images")]
    let subtitle = facts.filter { $0.0.count == 1 }.map { $0.0[0] + $0.1 }.joined(separator: " · ")
    canvas.label(subtitle, at: .init(x: 20, y: 54))
    return 54
  }

  /// Draws one entry for each curve and what bars and markers mean; returns the y of the last line.
  private static func drawLegend(
    of curves: [SweepCurve], from top: Double, on canvas: inout SVGCanvas
  ) -> Double {
    var x = 20.0
    var y = top
    for (index, curve) in curves.enumerated() {
      let label = curve.label(among: curves)
      // No font is at hand to measure with: 7.5 pixels is a wide character of 13 pixels.
      let entryWidth = 46 + Double(label.count) * 7.5 + 16
      if x > 20, x + entryWidth > Double(width) { (x, y) = (20, y + 21) }
      let style = SVGSeriesStyle(index: index)
      canvas.path([.init(x: x, y: y - 4.5), .init(x: x + 38, y: y - 4.5)], style: style)
      canvas.marker(at: .init(x: x + 19, y: y - 4.5), style: style, isFilled: true)
      canvas.label(label, at: .init(x: x + 46, y: y))
      x += entryWidth
    }
    let isOpen = curves.contains { curve in
      curve.plottedPoints.contains(where: curve.isSignificantlyWorse)
    }
    let notes =
      ["bars: 95 % confidence intervals"]
      + (isOpen
        ? ["open markers: significantly more errors than unpruned (exact McNemar test, p < 0.05)"]
        : [])
    canvas.label(notes.joined(separator: "; "), at: .init(x: 20, y: y + 21), size: 12)
    return y + 21
  }

  private static func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }
}
