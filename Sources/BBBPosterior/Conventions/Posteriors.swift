import BBBNetwork

extension ConventionReader {
  /// The library posteriors: a tree of means and a tree of the diagonal, saved as two dictionaries.
  static let posteriors = ConventionReader(
    name: "posteriors", layout: .usual(.outputInput),
    pairs: tree("log_sd_diag", .logStandardDeviation), tree("sd_diag", .standardDeviation),
    tree("prec_diag", .precision))

  private static func tree(
    _ scale: String, _ parametrisation: ScaleParametrisation
  ) -> PairConvention {
    PairConvention(
      ["/", "."].map { separator in
        PairRule(
          mean: NamePattern(prefix: "params" + separator),
          scale: NamePattern(prefix: scale + separator))
      }, parametrisation)
  }
}
