import BBBEvaluation
import BBBPosterior
import BBBPruning
import EvaluationSamples
import Foundation
import Testing

@testable import BBBReports

struct HistogramTextTests {
  @Test func `ratios are rows with shares, cumulative shares, bars and cut-offs`() throws {
    // -14, -8, -2, 4, 10, 16, 22 and 28 dB; and one weight without signal.
    let ratios: [Float] = [0, 0.2, 0.4, 0.8, 1.6, 1.6, 3.2, 6.4, 12.8, 25.6]
    #expect(
      SignalToNoiseText.render(try SignalToNoiseHistogram(try ranking(ratios))) == """
        signal-to-noise ratio in dB, 20 log₁₀(|μ|/σ), of 10 weights (no biases)
                dB  weights  cumulative                                          cut-off
                          %           %
         below -15    10.00       10.00  ###################
        -15 to -10    10.00       20.00  ###################
         -10 to -5    10.00       30.00  ###################
           -5 to 0    10.00       40.00  ###################
            0 to 5    20.00       60.00  ######################################
           5 to 10     0.00       60.00
          10 to 15    10.00       70.00  ###################
          15 to 20    10.00       80.00  ###################                     <- 75 %
          20 to 25    10.00       90.00  ###################
          25 to 30    10.00      100.00  ###################                     <- 95 %
        75 % cut-off: 16.12 dB; 95 % cut-off: 28.16 dB
        weights with μ = 0 (−∞ dB): 1
        one peak, at 4.5 dB

        """)
  }

  @Test func `weights removed earlier and weights without signal have rows of their own`() throws {
    let ranking = try Ranking(
      try posterior([0, 0, 0, 1], [0, 0, 1, 1]), by: .signalToNoiseRatio)
    let text = SignalToNoiseText.render(try SignalToNoiseHistogram(ranking))
    #expect(text.contains("removed earlier    50.00       50.00  ####"))
    #expect(text.contains("weights with μ = 0 (−∞ dB): 1\n"))
    let none = SignalToNoiseText.render(
      try SignalToNoiseHistogram(try EvaluationSamples.ranking([0])))
    #expect(none.contains("−∞   100.00      100.00  ####"))
  }

  @Test func `means and drawn weights stand side by side`() throws {
    // A standard normal weight lies within ½ of 0 with probability 0.3829, from ½ to 1½ with 0.2417.
    let histogram = try WeightHistogram(try posterior([0], [1]))
    let text = WeightText.render(histogram)
    #expect(
      text.hasPrefix(
        "weights (no biases): posterior means μ, and weights drawn from all N(μ, σ²)\n"))
    #expect(text.contains("   0.0  100.00  19.74  "))
    #expect(text.contains("0.00 % of the means, "))
  }

  @Test func `lines are few and narrow`() throws {
    let means = (0..<3000).map { Float(sin(Double($0) * 12.9898)) * Float($0 % 13) }
    let posterior = try posterior(means, Array(repeating: 0.3, count: 3000))
    let histogram = try SignalToNoiseHistogram(try Ranking(posterior, by: .signalToNoiseRatio))
    let ratios = SignalToNoiseText.render(histogram)
    let weights = WeightText.render(try WeightHistogram(posterior))
    #expect(ratios.split(separator: "\n").count <= 22)
    #expect(weights.split(separator: "\n").count <= 17)
    for width in [40, 60, 80, 120, 200] {
      let text =
        SignalToNoiseText.render(histogram, width: width)
        + WeightText.render(try WeightHistogram(posterior), width: width)
      // Titles and remarks are sentences, which a terminal's width breaks.
      let rows = text.split(separator: "\n").filter { $0.first == " " || $0.first == "-" }
      #expect(rows.count > 15 && rows.allSatisfy { $0.count <= width })
      #expect(rows.contains { $0.contains("########") })
    }
  }

  @Test func `small values are dots, factors are lengths on the logarithmic scale`() {
    #expect(TextBar.linear(0, width: 10) == " ")
    #expect(TextBar.linear(0.01, width: 10) == ".")
    #expect(TextBar.linear(0.5, width: 10) == "#####")
    #expect(TextBar.logarithmic(0.01, from: 1e-4, width: 10) == "#####")
    #expect(TextBar.logarithmic(1, from: 1e-4, width: 10) == "##########")
    #expect(TextBar.logarithmic(1e-6, from: 1e-4, width: 10) == ".")
    #expect(TextBar.logarithmic(0, from: 1e-4, width: 10) == " ")
  }
}
