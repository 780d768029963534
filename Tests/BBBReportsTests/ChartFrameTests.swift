import BBBEvaluation
import BBBPosterior
import BBBPruning
import EvaluationSamples
import Foundation
import Testing

@testable import BBBReports

/// What all pictures have in common.
struct ChartFrameTests {
  private func frame(_ vertical: ValueAxis) -> ChartFrame {
    ChartFrame(
      top: 50, height: 100, horizontal: ChartAxis("x", from: 0, to: 10, step: 5),
      vertical: ChartAxis("y", vertical, minimumDistance: 0.1))
  }

  @Test func `values are where their axes say`() {
    let linear = frame(ValueAxis([5], emptyEnd: 1))
    #expect(linear.place(0, 0).x == 78 && linear.place(0, 0).y == 150)
    #expect(linear.place(10, 5).x == 732 && linear.place(10, 5).y == 50)
    #expect(linear.place(20, 50).x == 732 && linear.place(20, 50).y == 50)
    let logarithmic = frame(ValueAxis([1, 100], emptyEnd: 1))
    #expect(abs(logarithmic.place(5, 10).y - 100) < 1e-9)
    #expect(logarithmic.vertical.title == "y (log scale)")
  }

  @Test func `a line that leaves the frame ends at its edge`() throws {
    var canvas = SVGCanvas()
    frame(ValueAxis([5], emptyEnd: 1)).drawLine(
      [0, 5, 10], [0, 10, 0], style: SVGSeriesStyle(index: 0), on: &canvas)
    let lines = try Picture(canvas.document(height: 200, title: "", description: "")).elements
      .filter { $0.name == "polyline" }.map { $0.attributes["points"] }
    #expect(lines == ["78.0,150.0 241.5,50.0", "568.5,50.0 732.0,150.0"])
  }

  /// The places of all labels of a picture.
  private func labels(_ text: String) throws -> [(x: Double, y: Double)] {
    try Picture(text).elements.filter { $0.name == "text" }.map { element in
      let place = try #require(
        element.attributes["transform"]?.firstMatch(of: /^translate\(([0-9.]+) ([0-9.]+)\)$/))
      return (try #require(Double(place.1)), try #require(Double(place.2)))
    }
  }

  @Test func `labels are inside every picture`() throws {
    let posterior = try posterior(
      (1...500).map { Float($0) / 100 - 2 }, Array(repeating: 0.1, count: 500))
    let histogram = HistogramPlot.render(
      try SignalToNoiseHistogram(try Ranking(posterior, by: .signalToNoiseRatio)),
      try WeightHistogram(posterior), checkpoint: "model.pt")
    let many = (0..<7).map { curve(exportedCurve.points, criterion: "criterion \($0)") }
    for text in [histogram, SweepPlot.render(many), SweepPlot.render([monteCarloCurve])] {
      let height = try #require(
        try Picture(text).elements.first?.attributes["height"].flatMap(Double.init))
      for place in try labels(text) {
        #expect(0...760 ~= place.x && 10...(height - 4) ~= place.y)
      }
    }
  }

  @Test func `a logarithmic axis of weights ends above 0`() throws {
    // Nearly all weights are around 0, so that a logarithmic axis shows the others.
    let means = (0..<2000).map { $0 < 1900 ? Float(0) : Float($0 - 1950) / 20 }
    let histogram = try WeightHistogram(try posterior(means, Array(repeating: 0.001, count: 2000)))
    #expect(histogram.isConcentrated)
    let axis = ValueAxis([0.05, 95], emptyEnd: 1)
    let ticks = ChartAxis("% of weights", axis, minimumDistance: 0.1).ticks
    #expect(ticks.first?.label == "0.05" && ticks.last?.label == "100")
    let text = HistogramPlot.render(
      try SignalToNoiseHistogram(
        try Ranking(
          try posterior(means, Array(repeating: 0.001, count: 2000)), by: .signalToNoiseRatio)),
      histogram, checkpoint: "m")
    let start = try #require(text.range(of: "signal-to-noise ratio 20 log₁₀(|μ|/σ), dB"))
    let end = try #require(text.range(of: "% of weights (log scale)"))
    let labels = text[start.upperBound..<end.lowerBound].split(separator: "\n")
      .filter { $0.contains("text-anchor=\"end\"") }
    #expect(labels.count > 2 && !labels.contains { $0.hasSuffix(">0</text>") })
  }

  @Test func `ways of predicting differ by dashes where colours are the curves'`() throws {
    let text = SweepPlot.render([monteCarloCurve, monteCarloCurve])
    // One legend of curves and one of ways, and none of both.
    #expect(text.components(separatedBy: ">Monte Carlo</text>").count == 2)
    #expect(!text.contains(", Monte Carlo"))
  }
}
