import BBBEvaluation
import Foundation
import Testing

@testable import BBBReports

struct SweepPlotTests {
  @Test func `is well-formed, and says in words what it shows`() throws {
    let picture = try Picture(SweepPlot.render([usualCurve]))
    #expect(picture.elements.first?.name == "svg")
    #expect(picture.texts["title"] == "Error and file size against sparsity: mnist")
    #expect(picture.texts["desc"]?.contains("At 95 % sparsity (50,000 weights left)") == true)
    #expect(picture.texts["text"]?.contains("sparsity: weights removed, %") == true)
    #expect(picture.texts["text"]?.contains("10,000 examples") == true)
  }

  @Test func `shows every point in both diagrams, open where the error is significantly higher`()
    throws
  {
    let circles = try Picture(SweepPlot.render([usualCurve])).elements.filter {
      $0.name == "circle"
    }
    // The legend's, then the errors', then the sizes'; 8, 100 and 3,500 more errors are significant.
    let isOpen = circles.map { $0.attributes["fill"] == "#fff" }
    #expect(
      isOpen == [false] + [false, false, true, false, true, true]
        + Array(repeating: false, count: 6))
  }

  @Test func `draws each point above the sparsity and beside the error it stands for`() throws {
    let picture = try Picture(SweepPlot.render([usualCurve]))
    let places = picture.elements.filter { $0.name == "circle" }.dropFirst().prefix(6).compactMap {
      element -> (x: Double, y: Double)? in
      guard let x = Double(element.attributes["cx"] ?? ""),
        let y = Double(element.attributes["cy"] ?? "")
      else { return nil }
      return (x, y)
    }
    try #require(places.count == 6)
    // From 0 % to 90 % is as far as from 90 % to 99 %.
    #expect(abs((places[2].x - places[0].x) - (places[5].x - places[2].x)) < 0.25)
    // On the logarithmic scale, equal factors are equal distances: 2 % to 3 %, 3 % to 37 %.
    let factor = (places[0].y - places[4].y) / (places[4].y - places[5].y)
    #expect(abs(factor - 0.405465 / 2.512306) < 0.01)
  }

  @Test func `tells curves apart without colour`() throws {
    let curves = ["a", "b", "c", "d", "e", "f", "g", "h"].map {
      curve(usualCurve.points, criterion: $0)
    }
    let picture = try Picture(SweepPlot.render(curves))
    let lines = picture.elements.filter { $0.name == "polyline" }
    // Legend, error and size.
    #expect(lines.count == 3 * 8)
    #expect(Set(lines.prefix(8).map { $0.attributes["stroke"] }).count == 8)
    // A circle, and seven other shapes: in the legend, and at six points in each of two diagrams.
    #expect(picture.count("circle") == 13)
    #expect(picture.count("polygon") == 7 * 13)
    let shapes = SVGSeriesStyle.Marker.allCases.map { marker in
      marker.outline.map { $0.map { "\($0.x),\($0.y)" }.joined() } ?? ""
    }
    #expect(shapes.count == 8 && Set(shapes).count == 8)
  }

  @Test func `escapes names, whatever they hold`() throws {
    let name = "a<b>&\"c'\u{0}\u{1B}]]>"
    let picture = try Picture(SweepPlot.render([curve(usualCurve.points, criterion: name)]))
    #expect(picture.texts["desc"]?.hasPrefix("a<b>&\"c'\u{FFFD}\u{FFFD}]]>: At 95 %") == true)
  }

  @Test(arguments: [
    [], [point(sparsity: 0)], [point(sparsity: 0.9)], [point(sparsity: 1)],
    [point(sparsity: 0), point(sparsity: 0.5)], [point(sparsity: 0.5), point(sparsity: 0.5)],
    [point(sparsity: 0, better: 200), point(sparsity: 0.9, better: 200)],
    [point(sparsity: 0, better: 200), point(sparsity: 0.9, worse: 5000)],
  ])
  func `draws any points inside the picture`(points: [SweepPoint]) throws {
    let text = SweepPlot.render([curve(points)])
    let picture = try Picture(text)
    #expect(picture.count("circle") == 2 * points.count + 1)
    #expect(!text.contains("nan") && !text.contains("inf") && !text.contains("–"))
    for circle in picture.elements where circle.name == "circle" {
      let x = try #require(Double(circle.attributes["cx"] ?? ""))
      let y = try #require(Double(circle.attributes["cy"] ?? ""))
      #expect(0...760 ~= x)
      #expect(0...700 ~= y)
    }
  }

  @Test func `leaves out what cannot be drawn`() throws {
    var broken = point(sparsity: 0.5)
    broken.pruned.scores.error = .nan
    var beyond = point(sparsity: 0.5)
    beyond.pruned.sparsity = 1.5
    let picture = try Picture(SweepPlot.render([curve([point(sparsity: 0), broken, beyond])]))
    #expect(picture.count("circle") == 2 + 1)
  }

  @Test func `is the same every time`() {
    #expect(SweepPlot.render([usualCurve]) == SweepPlot.render([usualCurve]))
  }
}
