import BBBPosterior
import CBBBKernels

extension ScaleParametrisation {
  /// How standard deviations are computed in single precision.
  enum Kernel {
    /// They are what is stored.
    case identity
    /// By `bbb_standard_deviations`.
    case formula(bbb_scale)
  }

  /// The kernel for this formula; `nil` if single precision might not be accurate.
  var kernel: Kernel? {
    switch self {
    case .standardDeviation: .identity
    case .softplus(let offset): Self.formula(bbb_softplus, factor: 1, offset: offset)
    case .logStandardDeviation: Self.formula(bbb_exponential, factor: 1, offset: 0)
    case .logVariance: Self.formula(bbb_exponential, factor: 0.5, offset: 0)
    case .precision: Self.formula(bbb_inverse_root, factor: 1, offset: 0)
    case .softClippedLogVariance, .variance, .square, .secondMoment: nil
    case .ivon(let effectiveSampleSize, let weightDecay):
      Self.formula(
        bbb_inverse_root, factor: effectiveSampleSize, offset: effectiveSampleSize * weightDecay)
    case .laplace(let curvatureFactor, let priorPrecision):
      Self.formula(bbb_inverse_root, factor: curvatureFactor, offset: priorPrecision)
    }
  }

  private static func formula(
    _ formula: bbb_scale_formula, factor: Double, offset: Double
  ) -> Kernel? {
    let ordinary = Double(BBB_LEAST_ORDINARY)...Double(BBB_GREATEST_ORDINARY)
    guard ordinary ~= factor, offset == 0 || ordinary ~= offset else { return nil }
    return .formula(bbb_scale(formula: formula, factor: Float(factor), offset: Float(offset)))
  }
}
