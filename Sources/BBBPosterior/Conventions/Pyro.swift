extension ConventionReader {
  /// Pyro's AutoNormal: the guide's own state dictionary, that of older versions, whose means carry
  /// no suffix, and the parameter store, which names the guide and holds scales still unconstrained.
  static let pyroAutoNormal: [ConventionReader] = [
    pyroAutoNormal("guide", meanSuffix: "_unconstrained", scaleSuffix: "_unconstrained"),
    pyroAutoNormal("guide", meanSuffix: "", scaleSuffix: "_unconstrained"),
    pyroAutoNormal("parameter store", meanSuffix: "", scaleSuffix: ""),
  ]

  /// Pyro's AutoDiagonalNormal, one vector of all sites in the order the model samples them.
  static let pyroAutoDiagonalNormal = ConventionReader(
    name: "Pyro AutoDiagonalNormal", layout: .usual(.outputInput)
  ) { (file, options) throws(PosteriorError) in
    try FlatPosterior(
      pairs: [
        ("loc", "scale_unconstrained"), ("AutoDiagonalNormal.loc", "AutoDiagonalNormal.scale"),
      ],
      parametrisation: .softplus(), order: .asListed
    ).read(file, options)
  }

  private static func pyroAutoNormal(
    _ form: String, meanSuffix: String, scaleSuffix: String
  ) -> ConventionReader {
    ConventionReader(
      name: "Pyro AutoNormal (\(form))", layout: .usual(.outputInput),
      pairs: PairConvention(
        [
          PairRule(
            mean: NamePattern(prefix: "locs.", suffix: meanSuffix),
            scale: NamePattern(prefix: "scales.", suffix: scaleSuffix))
        ], .softplus()))
  }
}
