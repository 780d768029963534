import BBBEvaluation
import Testing

struct McNemarTestTests {
  // python3 -c 'from scipy.stats import binomtest; b, c = 3, 7
  // print(repr(binomtest(min(b, c), b + c, 0.5).pvalue))'
  @Test(arguments: [
    (0, 0, 1.0),
    (0, 1, 1.0),
    (0, 5, 0.0625),
    (3, 7, 0.34375),
    (10, 10, 1.0),
    (5, 15, 0.04138946533203125),
    (1, 9, 0.021484375),
    (4, 12, 0.076812744140625),
    (40, 60, 0.05688793364098089),
    (450, 550, 0.0017305360849763027),
    (4900, 5100, 0.04658552770494645),
    (4500, 5500, 1.5510640568246638e-23),
    (0, 10000, 0.0),
    (60000, 61000, 0.00407963758118841),
  ])
  func `agrees with SciPy, whichever is first`(b: Int, c: Int, pValue: Double) {
    let tolerance = 1e-9 * pValue
    #expect(abs(McNemarTest(onlyFirst: b, onlySecond: c).pValue - pValue) <= tolerance)
    #expect(abs(McNemarTest(onlyFirst: c, onlySecond: b).pValue - pValue) <= tolerance)
  }

  @Test func `is exact for few examples`() {
    // 2 (C(16,0) + … + C(16,4)) / 2¹⁶ = 2 (1 + 16 + 120 + 560 + 1820) / 65536
    #expect(McNemarTest(onlyFirst: 4, onlySecond: 12).pValue == 2 * 2517.0 / 65536)
  }

  @Test func `counts the examples that exactly one classifier gets right`() {
    let test = McNemarTest(
      isCorrectFirst: [true, true, true, false, false, true],
      isCorrectSecond: [true, false, false, true, false, false])
    #expect(test.onlyFirst == 3)
    #expect(test.onlySecond == 1)
    #expect(test.pValue == 0.625)
  }

  @Test func `falls as the difference grows`() {
    let pValues = (0...500).map { McNemarTest(onlyFirst: 500 - $0, onlySecond: 500 + $0).pValue }
    #expect(pValues.first == 1)
    #expect(zip(pValues, pValues.dropFirst()).allSatisfy { $0 > $1 || $0 == 1 })
    #expect((pValues.last ?? 0) > 0)
  }

  @Test func `the smallest increase that can be significant is that of six examples`() {
    // 2/2⁵ is more than 0.05, and 2/2⁶ is less.
    #expect(McNemarTest.smallestSignificantIncrease(among: 5) == nil)
    #expect(McNemarTest.smallestSignificantIncrease(among: 6) == 1)
    #expect(McNemarTest.smallestSignificantIncrease(among: 50) == 0.12)
  }
}
