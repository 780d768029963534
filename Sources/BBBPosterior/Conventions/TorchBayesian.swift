import BBBNetwork

extension ConventionReader {
  /// torchbayesian, which hangs a posterior under each parameter of an ordinary module.
  static let torchbayesian = ConventionReader(
    name: "torchbayesian", layout: .fixed(.outputInput),
    pairs: PairConvention(
      ["weight", "bias"].map { parameter in
        PairRule(
          mean: ".reparametrizations.\(parameter).variational_posterior.mu",
          scale: ".reparametrizations.\(parameter).variational_posterior.rho",
          parameter: ".\(parameter)")
      }, .softplus()))
}
