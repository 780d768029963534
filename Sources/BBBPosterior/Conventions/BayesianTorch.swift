import BBBNetwork

extension ConventionReader {
  /// bayesian-torch (IntelLabs), reparametrisation and Flipout layers; `eps_*` and `prior_*`, written
  /// by versions before 0.1, are not part of the posterior.
  static let bayesianTorch = ConventionReader(
    name: "bayesian-torch", layout: .fixed(.outputInput),
    pairs: PairConvention(
      [
        PairRule(mean: ".mu_weight", scale: ".rho_weight", parameter: ".weight"),
        PairRule(mean: ".mu_kernel", scale: ".rho_kernel", parameter: ".kernel"),
        PairRule(mean: ".mu_bias", scale: ".rho_bias", parameter: ".bias"),
      ], .softplus()))
}
