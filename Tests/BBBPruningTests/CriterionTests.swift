import BBBPosterior
import Foundation
import TestSupport
import Testing

@testable import BBBPruning

/// The values of the criteria against their definitions.
@Suite struct CriterionTests {
  private func reduction(
    _ mean: Double, _ deviation: Double, _ prior: Prior
  ) -> Double {
    WeightScore(.bayesianModelReduction(prior: prior))
      .score(mean: mean, standardDeviation: deviation, position: 0)
  }

  @Test(arguments: [
    // ΔF = ½ s² − ln(σp/σ): (μ, σ, σp, ΔF).
    (0.0, 0.3, 0.3, 0.0), (0, 1, M_E, -1), (1, 1, M_E, -0.5), (-2, 1, 1, 2), (0.5, 0.25, 0.25, 2),
    (0, 1e-3, 1, -log(1e3)), (1e-3, 1e-3, 1, 0.5 - log(1e3)),
  ])
  func `ΔF of a Gaussian prior, by hand`(
    mean: Double, deviation: Double, prior: Double, expected: Double
  ) {
    #expect(abs(reduction(mean, deviation, .gaussian(deviation: prior)) - expected) < 1e-12)
    let closed = Prior.closedFormGaussian(deviation: prior)
    #expect(abs(reduction(mean, deviation, closed) - expected) < 1e-12)
  }

  /// Friston and Penny's ΔF of a prior N(0, σr²) in place of N(0, σp²), as `bayesian_model_reduction`
  /// codes have it.
  private func generalReduction(
    _ mean: Double, _ deviation: Double, prior: Double, reduced: Double
  ) -> Double {
    let p = 1 / (deviation * deviation)
    let p0 = 1 / (prior * prior)
    let pr = 1 / (reduced * reduced)
    let newP = p + pr - p0
    let newMean = p * mean / newP
    return 0.5 * (mean * mean * p - newMean * newMean * newP - log(pr * p / (newP * p0)))
  }

  @Test(arguments: [0.0, 0.01, -0.3, 2], [0.02, 0.1, 0.25])
  func `ΔF is the limit of model reduction to a narrower and narrower prior`(
    mean: Double, deviation: Double
  ) {
    let value = reduction(mean, deviation, .gaussian(deviation: 0.3))
    let differences = [1e-2, 1e-3, 1e-4].map { factor in
      abs(
        generalReduction(mean, deviation, prior: 0.3, reduced: factor * deviation) - value)
    }
    #expect(differences[2] < 2e-8 * max(1, abs(value)))
    // The error falls with the square of the width.
    #expect(differences[1] < differences[0] / 50 && differences[0] > 0)
  }

  @Test(arguments: [0.0, 0.004, -0.02, 1], [0.001, 0.0049, 0.1])
  func `ΔF is the ratio of densities at 0 for a mixture`(mean: Double, deviation: Double) {
    func normal(_ x: Double, _ deviation: Double) -> Double {
      exp(-0.5 * (x / deviation) * (x / deviation)) / (deviation * (2 * Double.pi).squareRoot())
    }
    // In logarithms, lest the posterior's density underflow.
    let prior = 0.25 * normal(0, 1) + 0.75 * normal(0, 0.01)
    let posterior =
      -0.5 * (mean / deviation) * (mean / deviation) + log(normal(0, deviation))
    let value = reduction(
      mean, deviation,
      .scaleMixture(wideShare: 0.25, wideDeviation: 1, narrowDeviation: 0.01))
    #expect(abs(value - (log(prior) - posterior)) < 1e-9 * max(1, abs(value)))
  }

  @Test func `the narrow component keeps every weight with σ above 0.0049`() {
    let prior = Prior.scaleMixture(wideShare: 0.5, wideDeviation: 1, narrowDeviation: exp(-6))
    #expect(reduction(0, 0.0049, prior) <= 0)
    #expect(reduction(0, 0.0050, prior) > 0)
    #expect(reduction(0, 0.3, prior) > 4)
    // Under the wide component alone nearly all of them go.
    #expect(reduction(0, 0.3, .gaussian(deviation: 1)) < -1)
  }

  @Test func `the prior moves ΔF, and not the order`() {
    let priors: [Prior] = [
      .gaussian(deviation: 0.1),
      .scaleMixture(wideShare: 0.5, wideDeviation: 1, narrowDeviation: 0.1),
    ]
    let weights = [(0.0, 0.2), (0.1, 0.1), (3, 0.5), (-0.01, 0.004), (0.3, 0.3)]
    let shifts = weights.map { reduction($0, $1, priors[0]) - reduction($0, $1, priors[1]) }
    #expect(shifts.allSatisfy { abs($0 - shifts[0]) < 1e-12 })
  }

  /// E|w| and V|w| of N(s, 1) by Simpson's rule.
  private func foldedRatio(_ ratio: Double) -> Double {
    let count = 20000
    let step = 24.0 / Double(count)
    var mean = 0.0
    var square = 0.0
    for index in 0...count {
      let z = -12 + Double(index) * step
      let weight = index == 0 || index == count ? 1.0 : index.isMultiple(of: 2) ? 2 : 4
      let density = weight * step / 3 * exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
      mean += density * abs(ratio + z)
      square += density * (ratio + z) * (ratio + z)
    }
    return mean / (square - mean * mean).squareRoot()
  }

  @Test(arguments: [0, 0.01, 0.5, 1, 2, 5, 8.9, 9, 30])
  func `the ratio of |w| is that of its two first moments`(ratio: Double) {
    // The kink of |w| limits Simpson's rule.
    #expect(abs(Criterion.foldedRatio(ratio) - foldedRatio(ratio)) < 1e-6 * max(1, ratio))
  }

  @Test func `the ratio of |w| always increases with |μ| over σ`() {
    var last = Criterion.foldedRatio(0)
    #expect(abs(last - (2 / (Double.pi - 2)).squareRoot()) < 1e-12)
    for step in 1...1200 {
      let value = Criterion.foldedRatio(Double(step) / 100)
      #expect(value > last)
      last = value
    }
    #expect(Criterion.foldedRatio(1e300) == 1e300)
    #expect(Criterion.foldedRatio(.infinity) == .infinity)
  }

  @Test func `no weight whatever has a score that is no number`() {
    var generator = SeededGenerator(seed: 23)
    let priors: [Prior] = [
      .gaussian(deviation: 1e-15), .gaussian(deviation: 1e15), .gaussian(deviation: 0.1),
      .scaleMixture(wideShare: 0.5, wideDeviation: 1, narrowDeviation: exp(-6)),
      .scaleMixture(wideShare: 1e-9, wideDeviation: 1e15, narrowDeviation: 1e-15),
      .scaleMixture(wideShare: 1 - 1e-9, wideDeviation: 1.001, narrowDeviation: 1),
    ]
    let scores = priors.flatMap {
      [
        WeightScore(.bayesianModelReduction(prior: $0)), WeightScore(.complexityCost(prior: $0)),
      ]
    }
    let extremes: [Double] = [
      .leastNonzeroMagnitude, .leastNormalMagnitude / 8, 1e-45, 1e-30, 1e-3, 1, 1e30, 3e38, 1e300,
      1.7e308,
    ]
    let random = (0..<200).map { _ in
      Double(bitPattern: UInt64.random(in: 1..<0x7FF0_0000_0000_0000, using: &generator))
    }
    for deviation in extremes + random {
      for mean in [0] + extremes + random.prefix(20) {
        for score in scores {
          let value = score.score(mean: mean, standardDeviation: deviation, position: 0)
          #expect(!value.isNaN && value > -.infinity, "\(score.criterion) \(mean) \(deviation)")
        }
      }
    }
  }
}
