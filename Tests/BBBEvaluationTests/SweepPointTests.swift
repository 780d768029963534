import BBBEvaluation
import Testing

struct SweepPointTests {
  @Test func `derives what it can from the results`() {
    let unpruned = result(errorsAt: 0..<5, of: 100)
    let pruned = result(errorsAt: 2..<12, of: 100)
    let point = SweepPoint(
      sparsity: 0.9, removed: 90, kept: 10, threshold: 10, thresholdDecibels: 20,
      result: pruned, unpruned: unpruned, bytes: 50, denseByteCount: 400)
    #expect(point.errors == 10)
    #expect(point.images == 100)
    #expect(point.error == 0.1)
    #expect(point.errorLow == WilsonInterval(errors: 10, count: 100).low)
    #expect(point.errorHigh == WilsonInterval(errors: 10, count: 100).high)
    #expect(point.pValue == McNemarTest(onlyFirst: 2, onlySecond: 7).pValue)
    #expect(point.nll == pruned.negativeLogLikelihood)
    #expect(point.ece == pruned.expectedCalibrationError)
    #expect(point.ratio == 8)
  }

  @Test func `the unpruned network does not differ from itself`() {
    let unpruned = result(errorsAt: 0..<5, of: 100)
    let point = SweepPoint(
      sparsity: 0, removed: 0, kept: 100, threshold: nil, thresholdDecibels: nil, result: unpruned,
      unpruned: unpruned, bytes: 100, denseByteCount: 400)
    #expect(point.pValue == 1)
  }
}
