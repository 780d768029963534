import BBBEvaluation
import Testing

struct RiskCoverageTests {
  /// By ascending uncertainty: right, right, wrong, right, wrong.
  private let curve = RiskCoverage(
    uncertainties: [0.9, 0.1, 0.5, 0.2, 0.7], isCorrect: [false, true, false, true, true])

  @Test func `the most certain are answered first`() {
    #expect(curve.risk(atCoverage: 0.2) == 0)
    #expect(curve.risk(atCoverage: 0.4) == 0)
    #expect(abs(curve.risk(atCoverage: 0.6) - 1.0 / 3) < 1e-15)
    #expect(curve.risk(atCoverage: 0.8) == 0.25)
    #expect(curve.risk(atCoverage: 1) == 0.4)
    // At least one is answered.
    #expect(curve.risk(atCoverage: 0) == 0)
  }

  @Test func `the area is the mean over all coverages`() {
    #expect(abs(curve.area - (0 + 0 + 1.0 / 3 + 0.25 + 0.4) / 5) < 1e-15)
  }

  @Test func `the order of equally uncertain examples does not matter`() {
    let one = RiskCoverage(
      uncertainties: [1, 1, 1, 0], isCorrect: [false, true, true, true])
    let other = RiskCoverage(
      uncertainties: [0, 1, 1, 1], isCorrect: [true, true, true, false])
    #expect(one == other)
    #expect(abs(one.risk(atCoverage: 0.5) - (1.0 / 3) / 2) < 1e-15)
  }

  @Test func `an example whose uncertainty is no number is refused first`() {
    let curve = RiskCoverage(uncertainties: [.nan, 5], isCorrect: [false, true])
    #expect(curve.risk(atCoverage: 0.5) == 0)
    #expect(curve.risk(atCoverage: 1) == 0.5)
  }

  @Test func `without examples there is no risk to speak of`() {
    let curve = RiskCoverage(uncertainties: [], isCorrect: [])
    #expect(curve.area.isNaN && curve.risk(atCoverage: 1).isNaN)
  }
}
