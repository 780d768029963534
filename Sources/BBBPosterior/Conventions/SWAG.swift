import BBBNetwork
import BBBTensors

extension ConventionReader {
  /// SWAG (wjmaddox/swa_gaussian, torch-uncertainty): running means of each weight and of its square.
  ///
  /// Read is the diagonal part; a low-rank part, whose weights are correlated, is told of.
  static let swag = ConventionReader(name: "SWAG (diagonal)", layout: .fixed(.outputInput)) {
    (file, options) throws(PosteriorError) in
    var reading = Reading(parameters: [])
    let ending = "_sq_mean"
    for scale in file.tensors where scale.name.hasSuffix(ending) {
      let stem = String(scale.name.dropLast(ending.count))
      guard let mean = file[stem + "_mean"], let position = file.position(of: mean.name) else {
        continue
      }
      reading.parameters.append(
        GaussianParameter(
          name: stem,
          gaussian: try file.gaussian(mean: mean, scale: scale, parametrisation: .secondMoment),
          position: position))
      // The network that the averages were taken of stands beside them, at its last step.
      let parameter = stem.split(separator: "swag_stats.").last.map(String.init) ?? stem
      for network in ["", "model.", "core_model.", "fmodel.", "base.", "base_model."] {
        if let last = file[network + parameter], last.shape == mean.shape {
          reading.explained.insert(last.name)
        }
      }
    }
    guard reading.parameters.contains(where: \.isWeight) else { return nil }
    try options.refuseScaleKind(of: "SWAG", storing: "means of squares", path: file.path)
    let factors = file.tensors.map(\.name).filter {
      $0.hasSuffix("_cov_mat_sqrt") || $0.hasSuffix("_covariance_sqrt")
    }
    if !factors.isEmpty {
      reading.explained.formUnion(factors)
      reading.warnings.append(
        """
        SWAG's low-rank part is left out, in which weights are correlated (\(listing(of: factors))); the \
        standard deviations are those of its diagonal part
        """)
    }
    return reading
  }
}
