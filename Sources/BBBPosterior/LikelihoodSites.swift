import BBBTensors

/// Single numbers with a posterior of their own, such as the noise of the targets: the likelihood's, no
/// weights of a layer.
enum LikelihoodSites {
  private static let words: Set<String> = [
    "sigma", "noise", "prec", "precision", "tau", "obs", "std", "sd", "var", "variance",
    "likelihood",
  ]

  /// Takes such parameters out of a reading, and tells of them.
  ///
  /// - Parameter reading: What a convention found.
  /// - Returns: The reading without them.
  static func left(outOf reading: Reading) -> Reading {
    var reading = reading
    let sites = reading.parameters.filter(isOfLikelihood)
    guard !sites.isEmpty else { return reading }
    reading.parameters.removeAll(where: isOfLikelihood)
    for site in sites {
      reading.explained.formUnion([site.name, site.gaussian.mean.name])
      if let scale = site.gaussian.scale { reading.explained.insert(scale.name) }
    }
    reading.warnings.append(
      """
      left out, because single numbers are the likelihood's (such as the noise of the targets) and not a \
      layer's: \(listing(of: sites.map(\.name))); the network is run without
      """)
    return reading
  }

  /// A number without a dimension cannot be a weight or a bias; one of one element can be a bias.
  private static func isOfLikelihood(_ parameter: GaussianParameter) -> Bool {
    guard !parameter.gaussian.shape.isEmpty else { return true }
    let words = parameter.name.lowercased().split { "./_".contains($0) }.map(String.init)
    return parameter.gaussian.shape == [1] && !words.contains("bias")
      && !Self.words.isDisjoint(with: words)
  }
}
