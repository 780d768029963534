import BBBEvaluation
import Testing

struct SweepPointTests {
  @Test func `derives what it can from the results`() {
    let unpruned = result(errorsAt: 0..<5, of: 100)
    let pruned = result(errorsAt: 2..<12, of: 100)
    let point = SweepPoint(
      sparsity: 0.9, removed: 90, kept: 10, threshold: 10, isRatio: true, result: pruned,
      unpruned: unpruned, bytes: 50, ratio: 8)
    #expect(point.errors == 10)
    #expect(point.images == 100)
    #expect(point.error == 0.1)
    #expect(point.errorLow == WilsonInterval(errors: 10, count: 100).low)
    #expect(point.errorHigh == WilsonInterval(errors: 10, count: 100).high)
    #expect(point.pValue == McNemarTest(b: 2, c: 7).pValue)
    #expect(point.nll == pruned.negativeLogLikelihood)
    #expect(point.ece == pruned.expectedCalibrationError)
  }

  @Test(arguments: [
    (10.0 as Double?, true, 20.0 as Double?), (0.1, true, -20), (1, true, 0), (0, true, nil),
    (nil, true, nil), (10, false, nil), (.infinity, true, nil),
  ])
  func `gives decibels only where they mean something`(
    threshold: Double?, isRatio: Bool, decibels: Double?
  ) {
    let any = result(errorsAt: [], of: 1)
    let point = SweepPoint(
      sparsity: 0.5, removed: 1, kept: 1, threshold: threshold, isRatio: isRatio, result: any,
      unpruned: any, bytes: 1, ratio: 1)
    #expect(point.thresholdDecibels == decibels)
  }
}
