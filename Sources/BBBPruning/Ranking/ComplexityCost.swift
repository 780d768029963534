import BBBPosterior
import CBBBLibc

/// KL[N(μ, σ²)‖P], what one weight adds to the complexity cost.
///
/// Blundell et al. 2015, equation 3. For a Gaussian prior in closed form. For a scale mixture, which has
/// none, ln P is split into the wide component's logarithm, a parabola, and ln(1 + exp(a − ½ b w²)), what
/// the narrow one adds: a bump around 0, whose expectation the trapezoidal rule gives to about 10⁻¹². (For analytic functions that
/// vanish at both ends its error falls exponentially with the number of points: Trefethen and Weideman
/// 2014.)
public struct ComplexityCost: Sendable {
  private enum Form: Sendable {
    case gaussian(deviation: Double)
    case mixture(Bump, wideShare: Double, wideDeviation: Double)
  }

  private let form: Form

  /// Prepares to compute costs under a prior.
  ///
  /// - Parameter prior: Whose numbers make sense (`Prior.problem`).
  public init(prior: Prior) {
    precondition(prior.problem == nil, "a prior's numbers are checked where they are read")
    switch prior {
    case .gaussian(let deviation), .closedFormGaussian(let deviation):
      form = .gaussian(deviation: deviation)
    case .scaleMixture(let share, let wide, let narrow):
      form = .mixture(
        Bump(
          height: log((1 - share) / narrow) - log(share / wide),
          curvature: (1 / narrow - 1 / wide) * (1 / narrow + 1 / wide)),
        wideShare: share, wideDeviation: wide)
    }
  }

  /// The cost of one weight.
  ///
  /// - Parameters:
  ///   - mean: μ, finite.
  ///   - standardDeviation: σ, positive and finite.
  /// - Returns: KL[q‖P] in nats; not negative.
  public func nats(mean: Double, standardDeviation: Double) -> Double {
    let cost =
      switch form {
      case .gaussian(let prior): Self.gaussian(mean, standardDeviation, prior: prior)
      case .mixture(let bump, let share, let wide):
        // KL[q‖P] = E ln q − E ln(π N(0, σ₁²)) − E ln(1 + exp(a − ½ b w²)).
        Self.gaussian(mean, standardDeviation, prior: wide) - log(share)
          - bump.expectation(mean: mean.magnitude, standardDeviation: standardDeviation)
      }
    // Rounding can make a cost of 0 slightly negative.
    return max(cost, 0)
  }

  private static func gaussian(
    _ mean: Double, _ standardDeviation: Double, prior: Double
  ) -> Double {
    let spread = standardDeviation / prior
    let shift = mean / prior
    // Two logarithms, because the ratio may be beyond what a number can be.
    let logSpread = log(standardDeviation) - log(prior)
    return 0.5 * shift * shift + (0.5 * (spread - 1) * (spread + 1) - logSpread)
  }
}

/// ln(1 + exp(a − ½ b w²)), and its expectation under Gaussians.
private struct Bump: Sendable {
  private let height: Double
  private let curvature: Double
  /// Beyond, the bump is below 10⁻¹⁷.
  private let halfWidth: Double
  /// The largest distance of points at which the rule is accurate.
  private let step: Double
  /// The bump at multiples of the step, the first halved.
  private let values: [Double]

  /// A Gaussian at least so wide, in steps, is smooth enough for the rule.
  private static let leastWidth = 1.35
  /// A Gaussian's ends, in standard deviations; what lies beyond is below 10⁻¹⁶.
  private static let reach = 8.6
  /// N(0, 1) at multiples of 1/`leastWidth`, times that distance: the rule for narrow Gaussians.
  private static let narrowRule: [Double] = {
    let last = Int((reach * leastWidth).rounded(.up))
    return (0...last).map { index in
      let z = Double(index) / leastWidth
      return exp(-0.5 * z * z) / ((2 * Double.pi).squareRoot() * leastWidth)
    }
  }()

  init(height: Double, curvature: Double) {
    self.height = height
    self.curvature = curvature
    halfWidth = (2 * (max(height, 0) + 40) / curvature).squareRoot()
    // The function is analytic where |Im w| is below that of the nearest point at which
    // exp(a − ½ b w²) = −1. The larger form of the same number avoids a difference of near equals.
    let modulus = (height * height + Double.pi * Double.pi).squareRoot()
    let strip =
      height > 0
      ? Double.pi / (curvature * (modulus + height)).squareRoot()
      : ((modulus - height) / curvature).squareRoot()
    step = strip / 6.5
    values = (0...Int((halfWidth / step).rounded(.up))).map { [step] index in
      let w = Double(index) * step
      let value = Self.logOnePlusExp(height - 0.5 * curvature * w * w)
      return index == 0 ? 0.5 * value : value
    }
  }

  /// The expectation under N(μ, σ²).
  ///
  /// - Parameters:
  ///   - mean: μ; not negative, because the bump is symmetric.
  ///   - standardDeviation: σ.
  /// - Returns: The expectation.
  func expectation(mean: Double, standardDeviation: Double) -> Double {
    // (Its end may be infinite, and is then compared all the same.)
    guard mean - Self.reach * standardDeviation < halfWidth else { return 0 }
    return standardDeviation < Self.leastWidth * step
      ? underNarrow(mean, standardDeviation) : underWide(mean, standardDeviation)
  }

  /// Points that lie around the mean.
  private func underNarrow(_ mean: Double, _ standardDeviation: Double) -> Double {
    var sum = Self.narrowRule[0] * value(mean)
    for index in 1..<Self.narrowRule.count {
      let distance = Double(index) / Self.leastWidth * standardDeviation
      sum += Self.narrowRule[index] * (value(mean + distance) + value(mean - distance))
    }
    return sum
  }

  /// Points that lie where the bump is, on both sides of 0.
  private func underWide(_ mean: Double, _ standardDeviation: Double) -> Double {
    let scale = step / standardDeviation
    let center = mean / standardDeviation
    var sum = 0.0
    for index in values.indices {
      let right = Double(index) * scale - center
      let left = Double(index) * scale + center
      sum += values[index] * (exp(-0.5 * right * right) + exp(-0.5 * left * left))
    }
    return sum * scale / (2 * Double.pi).squareRoot()
  }

  private func value(_ w: Double) -> Double {
    Self.logOnePlusExp(height - 0.5 * curvature * w * w)
  }

  private static func logOnePlusExp(_ x: Double) -> Double {
    x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
  }
}
