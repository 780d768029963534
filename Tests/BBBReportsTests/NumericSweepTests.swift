import BBBEvaluation
import EvaluationSamples
import Testing

@testable import BBBReports

/// What is shown of a network that predicts numbers.
struct NumericSweepTests {
  @Test func `of numbers every report shows the root mean squared error, and no p-value`() throws {
    let file = try numericFile()
    #expect(file.scores.isNumeric && file.pValue == nil && file.scores.ece == nil)
    let point = SweepPoint(
      removed: 50, threshold: nil, thresholdDecibels: nil, pruned: file)
    let names = SweepColumn.columns(for: [point]).map(\.name)
    #expect(names.contains("rmse") && names.contains("coverage") && !names.contains("errors"))
    #expect(!names.contains("p_value"))
    let curve = SweepCurve(
      checkpoint: "m", convention: "c", criterion: "snr", dataset: "d", weights: 100,
      points: [point])
    #expect(SweepVerdict.sentence(for: curve).contains("RMSE is "))
    #expect(SweepTable.render(curve).contains("coverage"))
    #expect(TerminalPlot.render([curve]).hasPrefix("RMSE"))
    #expect(SweepPlot.render([curve]).contains("RMSE"))
  }
}
