import BBBEvaluation
import BBBInference
import Testing

@testable import BBBReports

/// What is shown of a network that predicts numbers.
struct NumericSweepTests {
  @Test func `of numbers every report shows the root mean squared error, and no p-value`() throws {
    func result(_ errors: [Double]) throws -> EvaluationResult {
      .numbers(
        try NumericResult(
          NumericDistribution(
            targetCount: 1, means: errors,
            noiseDeviations: Array(repeating: 1, count: errors.count)),
          targets: Array(repeating: 0, count: errors.count)))
    }
    let unpruned = (0..<400).map { Double($0 % 20) / 10 - 0.95 }
    let file = try MeasuredFile(
      sparsity: 0.5, kept: 50, result: result(unpruned.map { $0 * 1.1 }),
      unpruned: result(unpruned), bytes: 50, denseByteCount: 400)
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
