import BBBNetwork
import BBBTensors

extension ConventionReader {
  /// Pyro's AutoNormal: the guide's own state dictionary, and that of older versions, whose means carry
  /// no suffix; or the parameters of a store, without the constraints that belong to them.
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
      parametrisation: { (scale, file) throws(PosteriorError) in
        guard let constraint = PyroConstraint(on: scale.name, in: file) else { return .softplus() }
        return try constraint.parametrisation(of: scale, file)
      }, order: .asListed
    ).read(file, options)
  }

  /// A Pyro parameter store with the constraints beside the parameters, as `get_state()` and `save()` give
  /// it: whatever the guide is called, a constrained parameter is a scale and its constraint says of what.
  static let pyroStore = ConventionReader(
    name: "Pyro parameter store", layout: .usual(.outputInput)
  ) { (file, options) throws(PosteriorError) in
    var reading = Reading(parameters: [])
    for (position, scale) in file.tensors.enumerated() {
      guard let constraint = PyroConstraint(on: scale.name, in: file), !constraint.isReal,
        let site = PyroSite(scale: scale.name),
        let mean = site.means.lazy.compactMap({ file[$0] }).first
      else { continue }
      reading.parameters.append(
        GaussianParameter(
          name: site.name,
          gaussian: try file.gaussian(
            mean: mean, scale: scale,
            parametrisation: try options.parametrisation(
              of: scale, file, constraint.parametrisation)),
          position: position))
    }
    return reading.parameters.contains(where: \.isWeight) ? reading : nil
  }

  /// TyXe's guides in the state dictionary of its network, whose scales have the constraint `positive`; the
  /// network's own parameters are the last sample.
  static let tyxe = ConventionReader(name: "TyXe", layout: .fixed(.outputInput)) {
    (file, options) throws(PosteriorError) in
    let mean = NamePattern(prefix: "net_guide.", suffix: ".loc")
    let pairs = PairConvention(
      [
        PairRule(
          mean: mean,
          scale: NamePattern(prefix: "net_guide.", suffix: ".scale_unconstrained"))
      ], .logStandardDeviation)
    guard var reading = try pairs.read(file, options) else { return nil }
    for parameter in reading.parameters {
      guard let match = mean.match(parameter.gaussian.mean.name) else { continue }
      reading.explained.insert(match.wrapper + "net." + match.stem)
    }
    return reading
  }

  /// Parameters of a hand-written guide without the constraints that belong to them.
  static let pyroParameters = ConventionReader(
    name: "Pyro parameters", layout: .usual(.outputInput)
  ) { (file, options) throws(PosteriorError) in
    let pairs = PairConvention(
      [PairRule(mean: ".loc", scale: ".scale_unconstrained", parameter: "")]
    ) { (scale, file) throws(PosteriorError) in
      throw PosteriorError(
        .invalidOption, path: file.path,
        """
        "\(scale.name)" is unconstrained, and the file does not hold the constraint: say \
        --scale-is log-sigma if it is constraints.positive, --scale-is rho if it is \
        constraints.softplus_positive
        """)
    }
    return try pairs.read(file, options)
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

/// The constraint of a parameter in a Pyro store, by the class of the object that stands for it.
private struct PyroConstraint {
  let object: PickledObject

  /// Finds the constraint of `…params/NAME`, which is `…constraints/NAME`; nil if there is none.
  init?(on name: String, in file: TensorFile) {
    var parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard let folder = parts.firstIndex(of: "params") else { return nil }
    parts[folder] = "constraints"
    guard let object = file.objects[parts.joined(separator: "/")] else { return nil }
    self.object = object
  }

  private var className: Substring { object.className.split(separator: ".").last ?? "" }

  /// Whether the parameter may be any number.
  var isReal: Bool { className == "_Real" }

  /// How σ is computed from the unconstrained number that the store holds.
  ///
  /// - Throws: ``PosteriorError`` if the constraint is none that makes standard deviations.
  func parametrisation(
    of scale: Tensor, _ file: TensorFile
  ) throws(PosteriorError) -> ScaleParametrisation {
    switch className {
    case "_SoftplusPositive": return .softplus()
    case "_GreaterThan" where object.numbers["lower_bound"] == 0,
      "_GreaterThanEq" where object.numbers["lower_bound"] == 0:
      return .logStandardDeviation
    default:
      throw PosteriorError(
        .unsupported, path: file.path,
        """
        "\(scale.name)" has the constraint \(object.className), which is not read; save the constrained \
        values: numpy.savez(path, **{k: v.detach() for k, v in pyro.get_param_store().items()})
        """)
    }
  }
}

/// A site of a guide, as the name of the parameter that is its scale tells it.
private struct PyroSite {
  /// The site's name, in the dictionary of the parameter.
  let name: String
  /// The names that its mean may have.
  let means: [String]

  private static let words = [
    "scale": ["loc", "mean", "mu"], "scales": ["locs"], "sigma": ["mu", "mean", "loc"],
    "std": ["mean", "mu", "loc"], "sd": ["mean", "mu", "loc"], "stddev": ["mean", "mu", "loc"],
  ]

  /// Takes the name of a scale apart at its last word for one; nil if it has none.
  init?(scale: String) {
    var words: [(text: Substring, start: String.Index)] = []
    for word in scale.split(whereSeparator: { "./_".contains($0) }) {
      words.append((word, word.startIndex))
    }
    guard
      let word = words.last(where: { Self.words[String($0.text)] != nil }),
      let alternatives = Self.words[String(word.text)]
    else { return nil }
    let end = word.text.endIndex
    means = alternatives.map { scale[..<word.start] + $0 + scale[end...] }
    let dictionary = ParameterName.dictionary(of: scale)
    let before = scale[..<word.start].dropFirst(dictionary.count)
    let after = scale[end...]
    // `AutoNormal.scales.fc.weight` is `fc.weight`; `w0_scale` is `w0`.
    name =
      after.isEmpty
      ? dictionary + before.dropLast() : dictionary + after.dropFirst()
  }
}
