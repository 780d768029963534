import BBBNetwork

extension ConventionReader {
  /// NumPyro's AutoNormal, as `svi.get_params()` gives it: the scales are the standard deviations.
  static let numPyroAutoNormal = ConventionReader(
    name: "NumPyro AutoNormal", layout: .usual(.inputOutput),
    pairs: PairConvention(
      [PairRule(mean: "_auto_loc", scale: "_auto_scale", parameter: "")], .standardDeviation))

  /// NumPyro's AutoDiagonalNormal: one vector of all sites.
  static let numPyroAutoDiagonalNormal = ConventionReader(
    name: "NumPyro AutoDiagonalNormal", layout: .usual(.inputOutput)
  ) { (file, options) throws(PosteriorError) in
    try FlatPosterior(
      pairs: [("auto_loc", "auto_scale")],
      parametrisation: { (_, _) throws(PosteriorError) in .standardDeviation }, order: .asSampled
    ).read(file, options)
  }
}
