import BBBDatasets
import BBBEvaluation
import BBBInference
import BBBReports
import Foundation
import Testing

struct EvaluationSummaryTests {
  private struct NoClassifier: Error {}

  private func summary() throws -> ClassificationSummary {
    let dataset = try Dataset(
      name: "known", inputs: .floats([2, -3, 1, 0.5]), exampleShape: [1], labels: [0, 1, 1, 0])
    let model = CompactModel(
      network: .multilayerPerceptron([1, 2], activation: .none),
      matrices: [
        SparseMatrix(
          SparsePattern(columnCount: 1, rowStarts: [0, 1, 2], columns: [0, 0]), values: [1, -1],
          biases: [0, 0])
      ], output: .classes, inputScaling: .identity,
      origin: .init(denseWeightCount: 2, denseBiasCount: 2, removedCount: 0, criterion: "snr"))
    guard
      case .classes(let summary) = EvaluationSummary(
        try model.evaluation(on: dataset, by: .posteriorMean))
    else { throw NoClassifier() }
    return summary
  }

  @Test func `bins hold every prediction, and the error is their mean gap`() throws {
    let summary = try summary()
    #expect(summary.reliability.count == 15)
    #expect(summary.reliability.reduce(0) { $0 + $1.count } == 4)
    let gaps = summary.reliability.reduce(0.0) { sum, bin in
      guard let accuracy = bin.accuracy, let confidence = bin.confidence else { return sum }
      return sum + Double(bin.count) * abs(accuracy - confidence)
    }
    #expect(abs(gaps / 4 - (try #require(summary.ece))) < 1e-12)
    #expect(summary.reliability.allSatisfy { ($0.count == 0) == ($0.accuracy == nil) })
  }

  @Test func `the text shows the scores, the filled bins and the refusals`() throws {
    let text = EvaluationText.render(.classes(try summary()))
    #expect(text.contains("error  25.00 %  (1 of 4"))
    #expect(text.contains("Brier") && text.contains("AURC"))
    // Of four pairs of an example of class 1 and one of class 0, x = 1 is taken for class 0 more surely than x = 0.5.
    #expect(text.contains("AUROC  75.00 %  (probability of class 1"))
    // Confidences 0.982, 0.998, 0.881 and 0.731 are in three bins.
    #expect(text.split(separator: "\n").count { $0.contains("–") && $0.contains(".") } == 4)
    #expect(text.contains("Risk and coverage"))
  }

  @Test func `the picture's steps are as high as the bins are right`() throws {
    func picture(_ accuracy: Double, _ confidence: Double) throws -> String {
      var summary = try summary()
      for bin in summary.reliability.indices {
        summary.reliability[bin].accuracy = accuracy
        summary.reliability[bin].confidence = confidence
      }
      return ReliabilityPlot.render(
        summary, curve: RiskCoverage(uncertainties: [1], isCorrect: [true]), of: "model")
    }
    #expect(try picture(0.25, 0.5) == picture(0.25, 0.75))
    #expect(try picture(0.25, 0.5) != picture(0.75, 0.5))
  }

  @Test func `the picture is one of its own, with words for those who do not see it`() throws {
    let summary = try summary()
    let curve = RiskCoverage(uncertainties: [1, 2], isCorrect: [true, false])
    let picture = ReliabilityPlot.render(summary, curve: curve, of: "<model> & data")
    #expect(picture.contains("<desc") && picture.contains("&lt;model&gt; &amp; data"))
    #expect(!picture.contains("http") || picture.components(separatedBy: "http").count == 2)
  }
}
