import BBBEvaluation
import Testing

struct SweepPointTests {
  @Test func `a file's numbers derive from the results`() {
    let unpruned = result(errorsAt: 0..<5, of: 100)
    let pruned = result(errorsAt: 2..<12, of: 100)
    let file = MeasuredFile(
      sparsity: 0.9, kept: 10, result: pruned, unpruned: unpruned, bytes: 50, denseByteCount: 400)
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
      sparsity: 0, kept: 100, result: unpruned, unpruned: unpruned, bytes: 100, denseByteCount: 400)
    #expect(file.pValue == 1 && file.nllIncrease == 0 && file.errorIncrease.difference == 0)
  }
}
