import Foundation
import Testing

@testable import BBBPosterior

struct ScaleParametrisationTests {
  /// Computed with 40 decimal digits (Python's decimal).
  static let known: [(ScaleParametrisation, Double, Double)] = [
    (.standardDeviation, 0.25, 0.25),
    (.softplus(), -100, 3.720_075_976_020_836_1e-44),
    (.softplus(), -20, 2.061_153_620_314_380_8e-09),
    (.softplus(), -3, 0.048_587_351_573_742_062),
    (.softplus(), 0, 0.693_147_180_559_945_29),
    (.softplus(), 0.5, 0.974_076_984_180_106_69),
    (.softplus(), 3, 3.048_587_351_573_742_1),
    (.softplus(), 800, 800),
    (.softplus(offset: 0x1p-23), -3, 0.048_587_470_783_031_612),
    (.logStandardDeviation, -5.25, 0.005_247_518_399_181_384_6),
    (.logStandardDeviation, 0.7, 2.013_752_707_470_476_6),
    (.logVariance, -5.25, 0.072_439_757_034_251_456),
    (.logVariance, 0.7, 1.419_067_548_593_257_3),
    (.softClippedLogVariance(bound: 18), -9, 0.017_864_811_132_345_956),
    (.softClippedLogVariance(bound: 18), -9000, 0.000_123_412_025_476_481_38),
    (.variance, 0.7, 0.836_660_026_534_075_55), (.precision, 0.7, 1.195_228_609_334_393_7),
    (.square, -0.7, 0.49), (.secondMoment, 0.7, 0.836_660_026_534_075_55),
    (.ivon(effectiveSampleSize: 60_000, weightDecay: 0.0001), 0.25, 0.008_163_333_305_850_110_9),
    (.laplace(curvatureFactor: 2, priorPrecision: 0.5), 3.5, 0.365_148_371_670_110_72),
  ]

  @Test(arguments: known)
  func `formulas agree with arbitrary-precision arithmetic`(
    parametrisation: ScaleParametrisation, stored: Double, expected: Double
  ) {
    #expect(abs(parametrisation.standardDeviation(stored) / expected - 1) < 1e-15)
    var values = [stored]
    parametrisation.convert(&values)
    #expect(values == [parametrisation.standardDeviation(stored)])
  }

  @Test(arguments: known.map(\.0))
  func `the value for an absent weight has no standard deviation`(
    parametrisation: ScaleParametrisation
  ) {
    let deviation = parametrisation.standardDeviation(parametrisation.valueForAbsentWeight)
    switch parametrisation {
    case .softplus(let offset): #expect(deviation == offset)
    // These never come to 0: a mask says what was removed.
    case .softClippedLogVariance(let bound): #expect(deviation < exp(-0.499 * bound))
    case .secondMoment: #expect(deviation == 1e-15)
    default: #expect(deviation == 0)
    }
  }

  @Test(arguments: [
    (ScaleParametrisation.softplus(), "σ = log(1 + exp ρ)"),
    (.softplus(offset: Double(Float.ulpOfOne)), "σ = log(1 + exp ρ) + 1.1920929e-07"),
    (.ivon(effectiveSampleSize: 60_000, weightDecay: 0.0001), "σ = 1/√(60000·(h + 0.0001))"),
    (.laplace(curvatureFactor: 1, priorPrecision: 10), "σ = 1/√(H + 10)"),
    (.laplace(curvatureFactor: 0.25, priorPrecision: 10), "σ = 1/√(0.25·H + 10)"),
  ])
  func `formulas are written as people read them`(
    parametrisation: ScaleParametrisation, text: String
  ) {
    #expect(parametrisation.formula == text)
  }

  @Test(arguments: [
    ("*.weight_log_sigma", ScaleKind.logStandardDeviation), ("*.LOGVAR", .logVariance),
    ("*_rho", .rho), ("*.std", .standardDeviation),
  ])
  func `the kind of scale is read from a name`(name: String, kind: ScaleKind) {
    #expect(ScaleKind.named(by: name) == kind)
  }

  @Test func `names that say nothing have no kind`() {
    #expect(ScaleKind.named(by: "*.spread") == nil)
  }
}
