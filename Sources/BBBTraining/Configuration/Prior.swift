import CBBBKernels
import Foundation

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
