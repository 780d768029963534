import CBBBLibc

/// What is believed of every weight before any data is seen.
public enum Prior: Hashable, Codable, Sendable {
  /// π N(0, σ₁²) + (1 − π) N(0, σ₂²): a wide and a narrow Gaussian (Blundell et al. 2015, equation 7).
  case scaleMixture(wideShare: Double, wideDeviation: Double, narrowDeviation: Double)
  /// N(0, σ²), its complexity cost sampled at the drawn weights like the mixture's.
  case gaussian(deviation: Double)
  /// N(0, σ²), its complexity cost KL[q‖P] in closed form.
  case closedFormGaussian(deviation: Double)

  /// The narrow component's standard deviation e⁻⁶, from the range that the paper searched.
  public static let paperNarrowDeviation = exp(-6.0)

  /// The logarithm of the prior density at 0, ln P(0), in nats.
  public var logDensityAtZero: Double {
    switch self {
    case .scaleMixture(let share, let wide, let narrow):
      log(share / wide + (1 - share) / narrow) - 0.5 * log(2 * .pi)
    case .gaussian(let deviation), .closedFormGaussian(let deviation):
      -log(deviation) - 0.5 * log(2 * .pi)
    }
  }

  /// Why its numbers make no sense, and what to give instead; `nil` if they do.
  public var problem: String? {
    switch self {
    case .gaussian(let deviation), .closedFormGaussian(let deviation):
      return Self.problem(ofDeviation: deviation)
    case .scaleMixture(let share, let wide, let narrow):
      guard share > 0, share < 1 else {
        return "the wide component's share is \(share); give a number between 0 and 1"
      }
      if let problem = Self.problem(ofDeviation: wide) ?? Self.problem(ofDeviation: narrow) {
        return problem
      }
      guard wide > narrow else {
        return
          "the prior's standard deviations are \(wide) and \(narrow); give the larger one first"
      }
      return nil
    }
  }

  /// Squares and their reciprocals must stay in single precision's range.
  private static func problem(ofDeviation deviation: Double) -> String? {
    (1e-15...1e15).contains(deviation)
      ? nil : "a standard deviation of the prior is \(deviation); give one from 1e-15 to 1e15"
  }
}

extension Prior {
  /// The Gaussian prior whose precision is part of standard deviations made from curvature.
  ///
  /// Of IVON it is the product of effective sample size and weight decay (Shen et al. 2024, algorithm 1),
  /// of laplace-torch the prior precision.
  ///
  /// - Parameter parametrisations: Those of all weights; `nil` is returned unless they are the same.
  init?(_ parametrisations: [ScaleParametrisation?]) {
    guard let first = parametrisations.first, let first,
      parametrisations.allSatisfy({ $0 == first })
    else { return nil }
    switch first {
    case .ivon(let effectiveSampleSize, let weightDecay):
      self = .gaussian(deviation: 1 / (effectiveSampleSize * weightDecay).squareRoot())
    case .laplace(_, let priorPrecision):
      self = .gaussian(deviation: 1 / priorPrecision.squareRoot())
    default: return nil
    }
    guard problem == nil else { return nil }
  }
}

extension Prior: CustomStringConvertible {
  /// The prior as a formula, as checkpoints name it in their metadata.
  public var description: String {
    switch self {
    case .scaleMixture(let share, let wide, let narrow):
      "\(share) N(0, \(wide)^2) + \(1 - share) N(0, \(narrow)^2)"
    case .gaussian(let deviation), .closedFormGaussian(let deviation): "N(0, \(deviation)^2)"
    }
  }

  /// Reads what ``description`` writes; `nil` if it is anything else, or its numbers make no sense.
  ///
  /// How training computed the complexity cost is not part of the formula: a Gaussian is read as
  /// ``gaussian(deviation:)``.
  ///
  /// - Parameter formula: Such as `N(0, 0.1^2)`, or `0.5 N(0, 1^2) + 0.5 N(0, 0.0025^2)`.
  public init?(formula: String) {
    var components: [(share: Double?, deviation: Double)] = []
    for term in formula.split(separator: " + ") {
      let parts = term.split(separator: "N", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return nil }
      let before = parts[0].filter { $0 != " " }
      let after = parts[1].filter { $0 != " " }
      guard after.hasPrefix("(0,"), after.hasSuffix("^2)"),
        let deviation = Double(after.dropFirst(3).dropLast(3))
      else { return nil }
      let share = Double(before)
      guard before.isEmpty || share != nil else { return nil }
      components.append((share, deviation))
    }
    switch components.count {
    case 1 where components[0].share == nil:
      self = .gaussian(deviation: components[0].deviation)
    case 2:
      guard let share = components[0].share, let rest = components[1].share,
        abs(share + rest - 1) < 1e-9
      else { return nil }
      self = .scaleMixture(
        wideShare: share, wideDeviation: components[0].deviation,
        narrowDeviation: components[1].deviation)
    default: return nil
    }
    guard problem == nil else { return nil }
  }
}
