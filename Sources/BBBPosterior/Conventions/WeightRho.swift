import BBBNetwork

extension ConventionReader {
  /// Hand-written Bayes by Backprop layers, the most common naming (nitarshan/bayes-by-backprop and
  /// many after it); models differ in the order of a matrix's dimensions.
  static let weightRho = ConventionReader(
    name: "Bayes by Backprop layers (weight_mu, weight_rho)", layout: .usual(.outputInput),
    pairs: PairConvention(
      [
        PairRule(mean: ".weight_mu", scale: ".weight_rho", parameter: ".weight"),
        PairRule(mean: ".bias_mu", scale: ".bias_rho", parameter: ".bias"),
      ], .softplus()))

  /// Hand-written layers named `mu_weights`, `rho_weights` (Bayes by Backprop re-implementations).
  static let weightsRho = ConventionReader(
    name: "Bayes by Backprop layers (mu_weights, rho_weights)", layout: .usual(.outputInput),
    pairs: PairConvention(
      [
        PairRule(mean: ".mu_weights", scale: ".rho_weights", parameter: ".weight"),
        PairRule(mean: ".mu_bias", scale: ".rho_bias", parameter: ".bias"),
      ], .softplus()))
}
