import BBBDatasets
import BBBReports
import BBBTraining
import Foundation
import Testing

@testable import BBBExperiments

struct QuartilesTests {
  /// Against NumPy: numpy.quantile([…], [0.25, 0.5, 0.75]).
  @Test(arguments: [
    ([7.0], (7.0, 7.0, 7.0)),
    ([3.0, 1.0], (1.5, 2.0, 2.5)),
    ([4.0, 1.0, 3.0, 2.0], (1.75, 2.5, 3.25)),
    ([10.0, -2.0, 0.0, 5.0, 1.0], (0.0, 1.0, 5.0)),
  ])
  func `of small samples`(sample: [Double], expected: (Double, Double, Double)) {
    let quartiles = Quartiles(of: sample)
    #expect((quartiles.lower, quartiles.median, quartiles.upper) == expected)
    #expect(quartiles.width == expected.2 - expected.0)
  }
}

struct NoisyCurveTests {
  /// Where both sines are 0, and where they are known.
  @Test(arguments: [
    (0.0, 0.0), (0.5, 0.5), (1.0, 1.0), (0.125, 0.125 + 0.3 * 0.5.squareRoot() + 0.3),
  ])
  func `without noise`(x: Double, y: Double) {
    #expect(abs(NoisyCurve.value(at: x, noise: 0) - y) < 1e-12)
  }

  @Test func `noise moves the place in the sines and the value`() {
    let x = 0.3
    let shifted = NoisyCurve.value(at: x + 0.05, noise: 0)
    #expect(abs(NoisyCurve.value(at: x, noise: 0.05) - shifted) < 1e-12)
  }

  @Test func `examples fill the range and have noise of the right size`() {
    let (x, y) = NoisyCurve.examples(count: 20_000, in: -0.1...0.6, seed: 2)
    #expect(x.allSatisfy { (-0.1..<0.6).contains($0) })
    let mean = x.reduce(0, +) / 20_000
    #expect(abs(mean - 0.25) < 5 * 0.7 / 12.0.squareRoot() / 20_000.0.squareRoot())
    // To first order, y deviates by ε times the curve's slope.
    let standardised = zip(x, y).map { x, y in
      let slope = 1 + 0.6 * .pi * cos(2 * .pi * x) + 1.2 * .pi * cos(4 * .pi * x)
      return (y - NoisyCurve.value(at: x, noise: 0), slope)
    }
    let measured = standardised.reduce(0) { $0 + $1.0 * $1.0 }
    let expected = standardised.reduce(0) { $0 + 4e-4 * $1.1 * $1.1 }
    #expect(abs(measured / expected - 1) < 0.05)
  }
}

struct RegressionResultTests {
  private func result() -> RegressionResult {
    let x = [-0.1, 0, 0.25, 0.5, 0.7, 0.9]
    let halves = [0.4, 0.1, 0.2, 0.3, 0.5, 0.6]
    let curve = x.map { NoisyCurve.value(at: $0, noise: 0) }
    let bayes = zip(curve, halves).map { Quartiles(of: [$0 - 2 * $1, $0, $0 + 2 * $1]) }
    let plain = curve.map { Quartiles(of: [$0 + 0.5]) }
    return RegressionResult(
      settings: .init(), examples: (x: [0.1, 0.2], y: [0.3, 0.4]), x: x,
      predictions: [
        .init(method: .bayesByBackprop, quartiles: bayes), .init(method: .plain, quartiles: plain),
      ])
  }

  @Test func `widths are averaged inside and outside the range of the data`() {
    let result = result()
    let bayes = result.width(of: result.predictions[0])
    // Three places each: twice (0.1 + 0.2 + 0.3) / 3, and twice (0.4 + 0.5 + 0.6) / 3.
    #expect(abs(bayes.inside - 0.4) < 1e-12 && abs(bayes.outside - 1) < 1e-12)
    #expect(abs((bayes.ratio ?? 0) - 2.5) < 1e-12)
    #expect(bayes.errorInside < 1e-12)
    let plain = result.width(of: result.predictions[1])
    #expect(plain.inside == 0 && plain.outside == 0 && plain.ratio == nil)
    #expect(abs(plain.errorInside - 0.5) < 1e-12 && abs(plain.errorOutside - 0.5) < 1e-12)
  }

  @Test func `reports have the same numbers`() throws {
    let result = result()
    let lines = result.csv.split(separator: "\n")
    #expect(
      lines[0]
        == "x,curve,bayes_median,bayes_lower,bayes_upper,plain_median,plain_lower,plain_upper")
    #expect(lines[2] == "0.000,0.000000,0.000000,-0.100000,0.100000,0.500000,0.500000,0.500000")
    #expect(result.table().contains("0.4000   1.0000    2.5"), "\(result.table())")
    let json = try JSONSerialization.jsonObject(with: Data(try JSONText.encode(result).utf8))
    let methods = try #require((json as? [String: Any])?["methods"] as? [[String: Any]])
    #expect(methods.map { $0["method"] as? String } == ["bayes", "plain"])
    #expect(abs((methods[0]["ratio"] as? Double ?? 0) - 2.5) < 1e-12)
    #expect(methods[1]["ratio"] == nil)
    for width in [40, 60, 80, 120, 200] {
      #expect(result.table(width: width).split(separator: "\n").allSatisfy { $0.count <= width })
    }
    let picture = try XMLDocumentCounts(RegressionPlot.render(result))
    #expect(picture["polygon"] == 2 && picture["polyline"] == 4)
  }
}

struct RegressionExperimentTests {
  /// A small network and few steps; what the paper's Figure 5 shows is there already.
  @Test func `Bayes by Backprop is unsure where there are no data, a plain network never`() throws {
    var settings = RegressionExperiment.Settings()
    settings.hiddenSizes = [30, 30]
    settings.exampleCount = 200
    settings.epochs = 2000
    settings.draws = 200
    let results = try [1, 2].map { threads in
      try RegressionExperiment(settings).run(threadCount: threads, progress: { _ in })
    }
    let bayes = results[0].width(of: results[0].predictions[0])
    #expect((bayes.ratio ?? 0) > 2, "inside \(bayes.inside), outside \(bayes.outside), seed 1")
    #expect(bayes.inside > 0 && bayes.errorInside < 0.1, "error \(bayes.errorInside)")
    #expect(results[0].width(of: results[0].predictions[1]).outside == 0)
    #expect(results[0].csv == results[1].csv)
  }
}
