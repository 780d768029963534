import BBBNetwork

extension ConventionReader {
  /// PyTorch-BayesianCNN (kumar-shridhar), with and without local reparametrisation.
  static let pyTorchBayesianCNN = ConventionReader(
    name: "PyTorch-BayesianCNN", layout: .fixed(.outputInput),
    pairs: PairConvention(
      [
        PairRule(mean: ".W_mu", scale: ".W_rho", parameter: ".weight"),
        PairRule(mean: ".bias_mu", scale: ".bias_rho", parameter: ".bias"),
      ], .softplus()))

  /// Bayesian-Neural-Networks (JavierAntoran), whose σ is softplus plus 10⁻⁶ and matrices (in, out).
  static let antoranNetworks = ConventionReader(
    name: "Bayesian-Neural-Networks (W_mu, W_p)", layout: .fixed(.inputOutput),
    pairs: PairConvention(
      [
        PairRule(mean: ".W_mu", scale: ".W_p", parameter: ".weight"),
        PairRule(mean: ".b_mu", scale: ".b_p", parameter: ".bias"),
      ], .softplus(offset: 1e-6)))
}
