import BBBNetwork

extension ConventionReader {
  /// torchbnn (Harry24k/bayesian-neural-network-pytorch); `weight_eps`, left by `freeze()`, is noise.
  static let torchBNN = ConventionReader(
    name: "torchbnn", layout: .fixed(.outputInput),
    pairs: PairConvention(
      [
        PairRule(mean: ".weight_mu", scale: ".weight_log_sigma", parameter: ".weight"),
        PairRule(mean: ".bias_mu", scale: ".bias_log_sigma", parameter: ".bias"),
      ], .logStandardDeviation))
}
