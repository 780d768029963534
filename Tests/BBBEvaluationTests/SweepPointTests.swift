import BBBInference
import EvaluationSamples
import Testing

@testable import BBBEvaluation

struct SweepPointTests {
  @Test func `a file's numbers derive from the results`() {
    let unpruned = result(errorsAt: 0..<5, of: 100)
    let pruned = result(errorsAt: 2..<12, of: 100)
    let file = MeasuredFile(
      sparsity: 0.9, kept: 10, result: .classes(pruned), unpruned: .classes(unpruned), bytes: 50,
      denseByteCount: 400)
    #expect(file.scores.errors == 10)
    #expect(file.images == 100)
    #expect(file.scores.error == 0.1)
    #expect(file.errorLow == WilsonInterval(errors: 10, count: 100).low)
    #expect(file.errorHigh == WilsonInterval(errors: 10, count: 100).high)
    #expect(file.pValue == McNemarTest(onlyFirst: 2, onlySecond: 7).pValue)
    // The unpruned network alone gets seven right, and the pruned one two.
    #expect(file.errorIncrease == PairedDifference(onlyFirst: 7, onlySecond: 2, count: 100))
    #expect(file.scores.nll == pruned.negativeLogLikelihood)
    #expect(file.nllIncrease == pruned.negativeLogLikelihood - unpruned.negativeLogLikelihood)
    #expect(file.scores.ece == pruned.expectedCalibrationError)
    #expect(file.ratio == 8)
  }

  @Test func `the unpruned network does not differ from itself`() {
    let unpruned = result(errorsAt: 0..<5, of: 100)
    let file = MeasuredFile(
      sparsity: 0, kept: 100, result: .classes(unpruned), unpruned: .classes(unpruned), bytes: 100,
      denseByteCount: 400)
    #expect(file.pValue == 1 && file.nllIncrease == 0 && file.errorIncrease.difference == 0)
  }

  @Test func `of numbers the error is a root mean square, and its rise a fraction`() throws {
    let file = try numericFile()
    #expect(file.scores.isNumeric && file.pValue == nil && file.scores.ece == nil)
    // Every error is a tenth larger, so that the rise is known without doubt.
    #expect(abs(file.errorIncrease.difference - 0.1) < 1e-9)
    #expect(abs(file.errorIncrease.low - 0.1) < 1e-6 && abs(file.errorIncrease.high - 0.1) < 1e-6)
    let meanSquare = sampleErrors.reduce(0) { $0 + $1 * $1 } / 400
    #expect(abs(try #require(file.nllIncrease) - 0.21 * meanSquare / 2) < 1e-9)
    let point = SweepPoint(
      removed: 50, threshold: nil, thresholdDecibels: nil, pruned: file)
    let curve = SweepCurve(
      checkpoint: "m", convention: "c", criterion: "snr", dataset: "d", weights: 100,
      points: [point])
    #expect(curve.tolerance == 0.02 && curve.judgement.defect(of: point)?.shortcoming == .error)
    #expect(curve.isSignificantlyWorse(point))
  }
}
