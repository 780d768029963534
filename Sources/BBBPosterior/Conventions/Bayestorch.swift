import BBBNetwork
import BBBTensors

extension ConventionReader {
  /// bayestorch's `VariationalPosteriorModule`: one vector of means and one of scales, named by the
  /// distribution that the user chose.
  static let bayestorch = ConventionReader(name: "bayestorch", layout: .usual(.outputInput)) {
    (file, options) throws(PosteriorError) in
    try FlatPosterior(
      pairs: [
        ("posterior_loc", "posterior_softplus_inv_scale"),
        ("posterior_loc", "posterior_log_scale"), ("posterior_loc", "posterior_scale"),
      ],
      parametrisation: { (scale, file) throws(PosteriorError) in
        if scale.name.hasSuffix("softplus_inv_scale") { return .softplus() }
        return scale.name.hasSuffix("log_scale") ? .logStandardDeviation : .standardDeviation
      }, order: .asListed
    ).read(file, options)
  }
}
