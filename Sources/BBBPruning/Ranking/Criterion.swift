import BBBTensors

/// What ranks the weights of a posterior N(μ, σ²): those with the smallest value go first.
public enum Criterion: Hashable, Sendable {
  /// |μ|/σ: Blundell et al. 2015, section 5.1, after Graves 2011.
  case signalToNoiseRatio
  /// |μ|: the baseline that knows no uncertainty.
  case magnitude
  /// 1/σ, so that the least certain weights go first.
  case standardDeviation
  /// A pseudo-random number for each position, the same for the same seed.
  case random(seed: UInt64)

  /// The name on the command line and in reports.
  public var name: String {
    switch self {
    case .signalToNoiseRatio: "snr"
    case .magnitude: "magnitude"
    case .standardDeviation: "sigma"
    case .random: "random"
    }
  }

  /// Whether a value of the criterion is a ratio of amplitudes, which decibels (20 log₁₀) suit.
  public var isRatio: Bool { self == .signalToNoiseRatio }

  /// Whether it needs means.
  var usesMean: Bool { self == .signalToNoiseRatio || self == .magnitude }

  /// Whether it needs standard deviations.
  var usesDeviation: Bool { self == .signalToNoiseRatio || self == .standardDeviation }

  /// The criterion's value for one weight.
  ///
  /// - Parameters:
  ///   - mean: μ.
  ///   - standardDeviation: σ.
  ///   - position: The weight's position among all prunable ones.
  /// - Returns: A number that is not negative.
  @inline(__always)
  func score(mean: Double, standardDeviation: Double, position: Int) -> Double {
    switch self {
    case .signalToNoiseRatio: mean.magnitude / standardDeviation
    case .magnitude: mean.magnitude
    case .standardDeviation: 1 / standardDeviation
    case .random(let seed): Self.uniform(seed: seed, position: position)
    }
  }

  /// A number in 0 ..< 1 that a seed and a position determine.
  private static func uniform(seed: UInt64, position: Int) -> Double {
    var random = SplitMix64(seed: seed, position: UInt64(position))
    return random.nextUniform()
  }
}
