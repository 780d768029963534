import BBBEvaluation
import Testing

struct WilsonIntervalTests {
  // python3 -c 'from scipy.stats import binomtest
  // print(binomtest(168, 10000).proportion_ci(0.95, "wilson"))'
  @Test(arguments: [
    (0, 10, 0.0, 0.27753279986288926),
    (1, 10, 0.017876213095072896, 0.4041500267952385),
    (5, 10, 0.236593090512564, 0.7634069094874361),
    (10, 10, 0.7224672001371109, 1.0),
    (1, 3, 0.06149194472039626, 0.7923403991979523),
    (0, 10000, 0.0, 0.00038399837067659573),
    (168, 10000, 0.014460231994417773, 0.019510864031004094),
    (9999, 10000, 0.9994337311025987, 0.9999823473263989),
  ])
  func `agrees with SciPy`(errors: Int, count: Int, low: Double, high: Double) {
    let interval = WilsonInterval(errors: errors, count: count)
    #expect(abs(interval.low - low) < 1e-14)
    #expect(abs(interval.high - high) < 1e-14)
  }

  @Test func `its ends are where the score test rejects`() {
    // (p̂ − p)² = z² p(1 − p)/n at both ends, by definition.
    for errors in 1..<50 {
      let interval = WilsonInterval(errors: errors, count: 50)
      for end in [interval.low, interval.high] {
        let score = (Double(errors) / 50 - end) / (end * (1 - end) / 50).squareRoot()
        #expect(abs(abs(score) - 1.959963984540054) < 1e-10)
      }
    }
  }

  @Test func `knows nothing without examples`() {
    let interval = WilsonInterval(errors: 0, count: 0)
    #expect(interval.low == 0)
    #expect(interval.high == 1)
  }
}
