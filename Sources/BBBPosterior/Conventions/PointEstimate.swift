import BBBNetwork
import BBBTensors

extension ConventionReader {
  /// Our own baselines: weights that are certain, as the metadata must say.
  ///
  /// Without that word the weights of an ordinary network are refused: most often a user has saved
  /// half of a posterior.
  static let pointEstimate = ConventionReader(
    name: "bbbprune baseline", layout: .fixed(.outputInput)
  ) { (file, _) throws(PosteriorError) in
    guard file.metadata["posterior"] == "point" else { return nil }
    var reading = Reading(parameters: [])
    for (position, tensor) in file.tensors.enumerated() where !tensor.isMask {
      reading.parameters.append(
        GaussianParameter(
          name: tensor.name,
          gaussian: try file.gaussian(mean: tensor, scale: nil, parametrisation: nil),
          position: position, isCertain: true))
    }
    return reading
  }
}
