import BBBEvaluation
import BBBPosterior
import BBBPruning
import EvaluationSamples
import Foundation
import Testing

@testable import BBBReports

struct HistogramPlotTests {
  private func render(
    _ means: [Float], _ deviations: [Float], checkpoint: String = "a/model.pt"
  ) throws -> String {
    let posterior = try posterior(means, deviations)
    return HistogramPlot.render(
      try SignalToNoiseHistogram(try Ranking(posterior, by: .signalToNoiseRatio)),
      try WeightHistogram(posterior), checkpoint: checkpoint)
  }

  @Test func `is well-formed, and says in words what it shows`() throws {
    let means = (1...2000).map { Float($0) / 1000 }
    let picture = try Picture(try render(means, Array(repeating: 1, count: 2000)))
    #expect(picture.elements.first?.name == "svg")
    #expect(picture.texts["title"] == "Signal-to-noise ratio and weights: model.pt")
    let description = try #require(picture.texts["desc"])
    // The ratios are even: 75 % and 95 % cut at 1.5 and 1.9.
    #expect(description.contains("75 % cut-off: 3.52 dB; 95 % cut-off: 5.58 dB"))
    let text = try #require(picture.texts["text"])
    #expect(text.contains("signal-to-noise ratio 20 log₁₀(|μ|/σ), dB"))
    #expect(text.contains("posterior means μ"))
  }

  @Test func `a cut-off is drawn where the cumulative curve has its share`() throws {
    let means = (1...2000).map { Float($0) / 1000 }
    let picture = try Picture(try render(means, Array(repeating: 1, count: 2000)))
    let lines = picture.elements.filter { $0.name == "polyline" }.compactMap { element in
      element.attributes["points"].map { points in
        points.split(separator: " ").map { place in
          place.split(separator: ",").compactMap { Double($0) }
        }
      }
    }
    let verticals = lines.filter { $0.count == 2 && $0[0][0] == $0[1][0] }
    #expect(verticals.count == 4)
    // The outlines of bins go straight up at their beginning; the cumulative curve does not.
    let curve = try #require(lines.first { $0.count > 20 && $0[0][0] != $0[1][0] })
    let (bottom, top) = (verticals[1][1][1], verticals[1][0][1])
    for (line, share) in [(verticals[1], 0.75), (verticals[3], 0.95)] {
      let after = try #require(curve.firstIndex { $0[0] >= line[0][0] })
      let expected = bottom - share * (bottom - top)
      #expect(curve[after][1] <= expected + 0.6)
      #expect(curve[after - 1][1] >= expected - 0.6)
    }
  }

  @Test(
    arguments: [
      ([0, 0], [1, 1]), ([0, 0], [0, 0]), ([1], [1]), ([0, 3], [0, 1]), ([1e-30, 1e30], [1, 1]),
      ([3e38, 1e-38], [1e-38, 3e38]), ([0, 0, 0, 0, 5], [0, 0, 0, 0, 1]),
    ] as [([Float], [Float])])
  func `draws any weights inside the picture`(means: [Float], deviations: [Float]) throws {
    let text = try render(means, deviations)
    let picture = try Picture(text)
    #expect(!text.contains("nan") && !text.contains("inf"))
    for element in picture.elements where ["polyline", "polygon"].contains(element.name) {
      for place in try #require(element.attributes["points"]).split(separator: " ") {
        let numbers = place.split(separator: ",").compactMap { Double($0) }
        try #require(numbers.count == 2)
        #expect(0...760 ~= numbers[0] && 0...900 ~= numbers[1], "\(place)")
      }
    }
  }

  @Test func `says so where there is nothing to draw`() throws {
    let text = try #require(try Picture(try render([0, 0], [0, 0])).texts["text"])
    #expect(text.contains("no weight has a ratio above 0") && text.contains("no weight is left"))
  }

  @Test func `escapes names, and is the same every time`() throws {
    let text = try render([1, 2], [1, 1], checkpoint: "<&\u{1B}\">.pt")
    #expect(try Picture(text).texts["title"]?.hasSuffix(": <&\u{FFFD}\">.pt") == true)
    #expect(try render([1, 2], [1, 1], checkpoint: "<&\u{1B}\">.pt") == text)
  }
}
