import BBBPosterior
import BBBTensors

/// What ranks the weights of a posterior N(μ, σ²): those with the smallest value go first.
public enum Criterion: Hashable, Sendable {
  /// |μ|/σ: Blundell et al. 2015, section 5.1, after Graves 2011.
  case signalToNoiseRatio
  /// E|w|/√V|w|, the signal-to-noise ratio of the weight's magnitude.
  ///
  /// |w| has a folded normal distribution, whose ratio is a strictly increasing function of |μ|/σ
  /// (``foldedRatio(_:)``): it ranks weights exactly as ``signalToNoiseRatio`` does.
  case magnitudeSignalToNoiseRatio
  /// ΔF = ln P(0) − ln q(0), what the weight is worth to the evidence, in nats: Bayesian model reduction
  /// in the limit of the weight fixed at 0, the Savage–Dickey ratio (Friston and Penny 2011; Beckers et
  /// al. 2024). Where ΔF ≤ 0, removing the weight does not lower the evidence.
  ///
  /// The prior shifts ΔF by a number that is the same for all weights: it decides where ΔF is 0, not the
  /// order. The narrow component of a scale mixture makes ln P(0) large: under
  /// ½ N(0, 1) + ½ N(0, e⁻⁶ ²) no weight with σ above 0.0049 has ΔF ≤ 0, however small its mean.
  case bayesianModelReduction(prior: Prior)
  /// The weight's share of the complexity cost KL[q‖P], in nats (``ComplexityCost``).
  case complexityCost(prior: Prior)
  /// What the removal costs at its turn, when the weights that are left take over what they can: the exact greedy order of a row,
  /// merged over all rows, in nats (`BBBConditioning`).
  case conditional
  /// |μ|: the baseline that knows no uncertainty.
  case magnitude
  /// 1/σ, so that the least certain weights go first.
  case standardDeviation
  /// A pseudo-random number for each position, the same for the same seed.
  case random(seed: UInt64)

  /// A criterion without the prior or the seed that it asks, by its name on the command line and in reports.
  public enum Kind: String, CaseIterable, Sendable {
    /// ``Criterion/signalToNoiseRatio``.
    case signalToNoiseRatio = "snr"
    /// ``Criterion/magnitudeSignalToNoiseRatio``.
    case magnitudeSignalToNoiseRatio = "snr-magnitude"
    /// ``Criterion/bayesianModelReduction(prior:)``.
    case bayesianModelReduction = "bmr"
    /// ``Criterion/complexityCost(prior:)``.
    case complexityCost = "complexity"
    /// ``Criterion/conditional``.
    case conditional
    /// ``Criterion/magnitude``.
    case magnitude
    /// ``Criterion/standardDeviation``.
    case standardDeviation = "sigma"
    /// ``Criterion/random(seed:)``.
    case random

    /// Whether it compares the posterior with the prior.
    public var needsPrior: Bool {
      switch self {
      case .bayesianModelReduction, .complexityCost: true
      case .signalToNoiseRatio, .magnitudeSignalToNoiseRatio, .conditional, .magnitude,
        .standardDeviation, .random:
        false
      }
    }

    /// Whether it looks at what the network does with inputs.
    public var looksAtInputs: Bool { self == .conditional }

    /// Whether it looks at standard deviations.
    public var needsDeviations: Bool {
      switch self {
      case .conditional, .magnitude, .random: false
      case .signalToNoiseRatio, .magnitudeSignalToNoiseRatio, .bayesianModelReduction,
        .complexityCost, .standardDeviation:
        true
      }
    }
  }

  /// The criterion without its prior or seed.
  public var kind: Kind {
    switch self {
    case .signalToNoiseRatio: .signalToNoiseRatio
    case .magnitudeSignalToNoiseRatio: .magnitudeSignalToNoiseRatio
    case .bayesianModelReduction: .bayesianModelReduction
    case .complexityCost: .complexityCost
    case .conditional: .conditional
    case .magnitude: .magnitude
    case .standardDeviation: .standardDeviation
    case .random: .random
    }
  }

  /// The name on the command line and in reports.
  public var name: String { kind.rawValue }

  /// The prior that it asks; `nil` if it asks none.
  var prior: Prior? {
    switch self {
    case .bayesianModelReduction(let prior), .complexityCost(let prior): prior
    case .signalToNoiseRatio, .magnitudeSignalToNoiseRatio, .conditional, .magnitude,
      .standardDeviation, .random:
      nil
    }
  }

  /// Whether a value of the criterion is a ratio of amplitudes, which decibels (20 log₁₀) suit.
  public var isRatio: Bool {
    self == .signalToNoiseRatio || self == .magnitudeSignalToNoiseRatio
  }

  /// Whether |μ|, or its ratio to σ, orders the weights as the criterion does; of the conditional one what stands in place of μ.
  var comparesMean: Bool { self == .magnitude || self == .conditional || isRatio }

  /// Whether 1/σ, or the ratio of |μ| to σ, orders the weights as the criterion does.
  var comparesDeviation: Bool { self == .standardDeviation || isRatio }
}
