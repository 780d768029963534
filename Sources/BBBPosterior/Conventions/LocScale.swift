import BBBNetwork
import BBBTensors

extension ConventionReader {
  /// A hand-written guide's parameters as NumPyro's `get_params()` and Pyro's constrained values give them:
  /// `w0_loc` beside `w0_scale`, which is σ itself.
  ///
  /// - Throws: ``PosteriorError`` where scales are not positive, as unconstrained ones are.
  static let locAndScale = ConventionReader(
    name: "pairs of loc and scale", layout: .usual(.outputInput),
    pairs: PairConvention(
      ["_", "."].map { PairRule(mean: $0 + "loc", scale: $0 + "scale", parameter: "") }
    ) { (scale, file) throws(PosteriorError) in
      guard try !scale.valueSummary().canBePositive else { return .standardDeviation }
      throw PosteriorError(
        .invalidOption, path: file.path,
        """
        "\(scale.name)" holds numbers that are not positive, so it is no standard deviation but what one \
        is computed from: say --scale-is log-sigma if σ = exp x (Pyro's constraints.positive), \
        --scale-is rho if σ = log(1 + exp x) (constraints.softplus_positive)
        """)
    })
}
