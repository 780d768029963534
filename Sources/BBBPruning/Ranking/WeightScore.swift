import BBBKernels
import BBBPosterior
import BBBTensors
import CBBBLibc

/// Computes the numbers that weights are ordered by.
struct WeightScore: Sendable {
  let criterion: Criterion
  /// Prepared once for all weights; `nil` where the criterion does not need it.
  private let complexityCost: ComplexityCost?
  /// ln P(0) + ½ ln 2π; 0 where the criterion does not need it.
  private let priorTerm: Double

  init(_ criterion: Criterion) {
    self.criterion = criterion
    if case .complexityCost(let prior) = criterion {
      complexityCost = ComplexityCost(prior: prior)
    } else {
      complexityCost = nil
    }
    if case .bayesianModelReduction(let prior) = criterion {
      priorTerm = prior.logDensityAtZero + 0.5 * log(2 * .pi)
    } else {
      priorTerm = 0
    }
  }

  /// The number for one weight.
  ///
  /// - Parameters:
  ///   - mean: μ.
  ///   - standardDeviation: σ; positive where the criterion uses it.
  ///   - position: The weight's position among all prunable ones.
  /// - Returns: A number; not NaN.
  @inline(__always)
  func score(mean: Double, standardDeviation: Double, position: Int) -> Double {
    switch criterion {
    // The ratio of |w| is flat near 0, where rounding would make ties that the ratio of w has not.
    case .signalToNoiseRatio, .magnitudeSignalToNoiseRatio: mean.magnitude / standardDeviation
    case .magnitude, .conditional: mean.magnitude
    case .standardDeviation: 1 / standardDeviation
    case .random(let seed): Self.uniform(seed: seed, position: position)
    case .bayesianModelReduction: reduction(mean, standardDeviation)
    case .complexityCost:
      complexityCost?.nats(mean: mean, standardDeviation: standardDeviation) ?? 0
    }
  }

  /// ΔF = ln P(0) − ln N(0; μ, σ²).
  private func reduction(_ mean: Double, _ standardDeviation: Double) -> Double {
    let ratio = mean / standardDeviation
    return 0.5 * ratio * ratio + (log(standardDeviation) + priorTerm)
  }

  /// The criterion's value where a weight's number is known.
  func value(ofScore score: Double) -> Double {
    criterion == .magnitudeSignalToNoiseRatio ? Criterion.foldedRatio(score) : score
  }

  /// A number in 0 ..< 1 that a seed and a position determine.
  private static func uniform(seed: UInt64, position: Int) -> Double {
    var random = SplitMix64(seed: seed, position: UInt64(position))
    return random.nextUniform()
  }
}

extension Criterion {
  /// E|w|/√V|w| of w ~ N(μ, σ²), from the ratio |μ|/σ: Leone, Nelson and Nottingham 1961, "The folded
  /// normal distribution".
  ///
  /// It is 1.32 at 0, approaches |μ|/σ above, and always increases: with E = E|w|/σ it increases exactly
  /// if E²/(s² + 1) does, whose logarithmic derivative has the sign of P(|z| < s) − 2s φ(s), which is
  /// positive because the normal density φ falls towards s.
  ///
  /// - Parameter ratio: s = |μ|/σ; not negative.
  /// - Returns: The ratio of |w|.
  static func foldedRatio(_ ratio: Double) -> Double {
    // Beyond, w has one sign to within rounding.
    guard ratio < 9 else { return ratio }
    let mean =
      ratio * erf(ratio / 2.0.squareRoot())
      + (2 / Double.pi).squareRoot() * exp(-0.5 * ratio * ratio)
    return mean / (ratio * ratio + 1 - mean * mean).squareRoot()
  }
}
