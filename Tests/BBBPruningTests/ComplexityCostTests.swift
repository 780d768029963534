import BBBPosterior
import Foundation
import TestSupport
import Testing

@testable import BBBPruning

@Suite struct ComplexityCostTests {
  /// (μ, σ, σp, ½ (σ²/σp² + μ²/σp² − 1) − ln(σ/σp)).
  private static let handValues: [(Double, Double, Double, Double)] = [
    (0, 1, 1, 0), (3, 1, 1, 4.5), (0, 2, 1, 1.5 - log(2)),
    (-1, 0.5, 2, 0.03125 + 0.125 - 0.5 + log(4)), (0, 1e-5, 1, log(1e5) - 0.5 + 0.5e-10),
  ]

  @Test(arguments: handValues)
  func `a Gaussian prior's cost, by hand`(
    mean: Double, deviation: Double, prior: Double, expected: Double
  ) {
    for prior in [Prior.gaussian(deviation: prior), .closedFormGaussian(deviation: prior)] {
      let cost = ComplexityCost(prior: prior).nats(mean: mean, standardDeviation: deviation)
      #expect(abs(cost - expected) < 1e-12)
    }
  }

  static let mixtures: [Prior] = [
    .scaleMixture(wideShare: 0.5, wideDeviation: 1, narrowDeviation: exp(-6)),
    .scaleMixture(wideShare: 0.25, wideDeviation: 1, narrowDeviation: exp(-2.5)),
    .scaleMixture(wideShare: 0.25, wideDeviation: 0.3, narrowDeviation: exp(-8)),
    // A narrow component that hardly counts.
    .scaleMixture(wideShare: 0.999, wideDeviation: 1, narrowDeviation: 0.9),
    .scaleMixture(wideShare: 1e-6, wideDeviation: 2, narrowDeviation: 0.02),
  ]

  /// KL[q‖P] by Simpson's rule, ln P being the logarithm of the sum as it stands.
  private func integral(_ mean: Double, _ deviation: Double, _ prior: Prior) -> Double {
    guard case .scaleMixture(let share, let wide, let narrow) = prior else { return .nan }
    func logNormal(_ x: Double, _ mean: Double, _ deviation: Double) -> Double {
      let z = (x - mean) / deviation
      return -0.5 * z * z - log(deviation) - 0.5 * log(2 * Double.pi)
    }
    let count = 400_000
    let step = 20 * deviation / Double(count)
    var sum = 0.0
    for index in 0...count {
      let w = mean + (Double(index) - Double(count) / 2) * step
      let a = log(share) + logNormal(w, 0, wide)
      let b = log(1 - share) + logNormal(w, 0, narrow)
      let logPrior = max(a, b) + log1p(exp(-abs(a - b)))
      let logPosterior = logNormal(w, mean, deviation)
      let weight = index == 0 || index == count ? 1.0 : index.isMultiple(of: 2) ? 2 : 4
      sum += weight * exp(logPosterior) * (logPosterior - logPrior)
    }
    return sum * step / 3
  }

  @Test(arguments: mixtures)
  func `a mixture's cost is the integral`(prior: Prior) {
    let cost = ComplexityCost(prior: prior)
    for deviation in [1e-5, 3e-4, 5e-4, 2e-3, 0.02, 0.15, 1.2] {
      for mean in [0, 0.0086, -0.03, 0.4, 3] {
        let value = cost.nats(mean: mean, standardDeviation: deviation)
        let expected = integral(mean, deviation, prior)
        #expect(
          abs(value - expected) < 1e-8 * max(1, expected),
          "N(\(mean), \(deviation)²) under \(prior): \(value), \(expected)")
      }
    }
  }

  @Test(arguments: mixtures)
  func `nothing jumps where one rule takes over from the other`(prior: Prior) {
    let cost = ComplexityCost(prior: prior)
    // Around 0.0005 and 0.02 for these priors; with so fine a grid each step is small.
    var last = cost.nats(mean: 0.005, standardDeviation: 1e-5)
    for step in 1...6000 {
      let deviation = 1e-5 * exp(Double(step) * 0.002)
      let value = cost.nats(mean: 0.005, standardDeviation: deviation)
      // d KL / d ln σ is at most 1 below the prior's widths, and 1 + σ²/σ₂² above.
      #expect(abs(value - last) < 0.0021 * (1 + deviation * deviation / 1e-7))
      last = value
    }
  }

  @Test func `under a mixture of nearly one Gaussian it is the Gaussian's`() {
    let gaussian = ComplexityCost(prior: .gaussian(deviation: 0.5))
    let mixture = ComplexityCost(
      prior: .scaleMixture(
        wideShare: 0.3, wideDeviation: 0.5, narrowDeviation: 0.5.nextDown.nextDown))
    for (mean, deviation) in [(0.0, 0.5), (1, 0.01), (-0.2, 3)] {
      let expected = gaussian.nats(mean: mean, standardDeviation: deviation)
      #expect(abs(mixture.nats(mean: mean, standardDeviation: deviation) - expected) < 1e-8)
    }
  }

  @Test func `the sign of a mean does not matter, and a Gaussian far away feels the wide one only`()
  {
    let cost = ComplexityCost(prior: Self.mixtures[0])
    #expect(
      cost.nats(mean: 0.01, standardDeviation: 0.02)
        == cost.nats(mean: -0.01, standardDeviation: 0.02))
    let wide = ComplexityCost(prior: .gaussian(deviation: 1)).nats(mean: 2, standardDeviation: 0.1)
    #expect(abs(cost.nats(mean: 2, standardDeviation: 0.1) - wide - log(2)) < 1e-12)
  }
}
