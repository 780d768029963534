import BBBPosterior
import CBBBKernels
import CBBBLibc

extension Prior {
  /// The kernels' form.
  var kernelPrior: bbb_prior {
    switch self {
    case .scaleMixture(let share, let wide, let narrow):
      let logOdds = log((1 - share) / narrow) - log(share / wide)
      return bbb_prior(
        kind: bbb_prior_mixture, precision: Float(1 / (wide * wide)),
        spike_precision: Float(1 / (narrow * narrow)), spike_log_odds: Float(logOdds))
    case .gaussian(let deviation):
      return Self.kernelGaussian(bbb_prior_gaussian, deviation)
    case .closedFormGaussian(let deviation):
      return Self.kernelGaussian(bbb_prior_gaussian_closed_form, deviation)
    }
  }

  private static func kernelGaussian(_ kind: bbb_prior_kind, _ deviation: Double) -> bbb_prior {
    let precision = Float(1 / (deviation * deviation))
    return bbb_prior(
      kind: kind, precision: precision, spike_precision: precision, spike_log_odds: 0)
  }
}
