import BBBNetwork
import BBBTensors

/// Which tensors are means, which belong to them as scales, and what the model calls the parameter.
struct PairRule: Sendable {
  let mean: NamePattern
  let scale: NamePattern
  /// The parameter's name; its stem is the stem of the mean's name.
  let parameter: NamePattern
  /// Whether a mean may stand alone, as a value that is certain.
  let isScaleOptional: Bool

  /// Creates a rule from the text after the stem in each of the three names.
  init(mean: String, scale: String, parameter: String, isScaleOptional: Bool = false) {
    self.init(
      mean: NamePattern(suffix: mean), scale: NamePattern(suffix: scale),
      parameter: NamePattern(suffix: parameter), isScaleOptional: isScaleOptional)
  }

  init(
    mean: NamePattern, scale: NamePattern, parameter: NamePattern = NamePattern(),
    isScaleOptional: Bool = false
  ) {
    self.mean = mean
    self.scale = scale
    self.parameter = parameter
    self.isScaleOptional = isScaleOptional
  }
}

/// How σ is computed from a scale of a file.
typealias Parametrising =
  @Sendable (Tensor, TensorFile) throws(PosteriorError) -> ScaleParametrisation

extension PosteriorOptions {
  /// How σ is computed: as the user says, else as the convention does.
  func parametrisation(
    of scale: Tensor, _ file: TensorFile, _ usual: Parametrising
  ) throws(PosteriorError) -> ScaleParametrisation {
    if let scaleKind { return scaleKind.parametrisation }
    return try usual(scale, file)
  }
}

/// A convention that names each parameter's mean and scale by a pair of patterns.
struct PairConvention: Sendable {
  let rules: [PairRule]
  /// How σ is computed from a scale of a file; not asked where the user says how.
  let parametrisation: Parametrising

  init(_ rules: [PairRule], _ parametrisation: @escaping Parametrising) {
    self.rules = rules
    self.parametrisation = parametrisation
  }

  init(_ rules: [PairRule], _ parametrisation: ScaleParametrisation) {
    self.init(rules) { (_, _) throws(PosteriorError) in parametrisation }
  }

  /// Finds every pair; nil if there is none of weights.
  ///
  /// - Throws: ``PosteriorError`` if there are pairs but one of their kind lacks its other half.
  func read(_ file: TensorFile, _ options: PosteriorOptions) throws(PosteriorError) -> Reading? {
    guard rules.contains(where: { hasWeights($0, in: file) }) else { return nil }
    var parameters: [GaussianParameter] = []
    for rule in rules {
      try requireMeans(of: rule, in: file)
      for (position, mean) in file.tensors.enumerated() where !mean.isMask {
        guard let match = rule.mean.match(mean.name) else { continue }
        let scale = file[rule.scale.name(for: match)]
        var parametrisation: ScaleParametrisation?
        if let scale {
          parametrisation = try options.parametrisation(of: scale, file, self.parametrisation)
        }
        if scale == nil {
          if rule.mean.fitsEverything { continue }
          guard rule.isScaleOptional else { throw missingScale(of: mean, match, rule, in: file) }
        }
        parameters.append(
          GaussianParameter(
            name: parameterName(match, rule),
            gaussian: try file.gaussian(
              mean: mean, scale: scale, parametrisation: parametrisation),
            position: position))
      }
    }
    return Reading(parameters: parameters)
  }

  /// Whether there is a pair of weights; conventions that differ there share names for biases.
  private func hasWeights(_ rule: PairRule, in file: TensorFile) -> Bool {
    file.tensors.contains { scale in
      guard scale.shape.count > 1, let match = rule.scale.match(scale.name) else { return false }
      return file[rule.mean.name(for: match)] != nil
    }
  }

  private func requireMeans(of rule: PairRule, in file: TensorFile) throws(PosteriorError) {
    for scale in file.tensors where !scale.isMask {
      guard let match = rule.scale.match(scale.name) else { continue }
      let meanName = rule.mean.name(for: match)
      guard file[meanName] == nil else { continue }
      throw PosteriorError(
        .incomplete, path: file.path,
        """
        "\(scale.name)" gives a standard deviation but its mean, "\(meanName)", is not in the file; \
        save both
        """)
    }
  }

  private func missingScale(
    of mean: Tensor, _ match: NamePattern.Match, _ rule: PairRule, in file: TensorFile
  ) -> PosteriorError {
    PosteriorError(
      .incomplete, path: file.path,
      """
      "\(mean.name)" is a mean but its standard deviation, "\(rule.scale.name(for: match))", is not \
      in the file; save both
      """)
  }

  /// The name of the parameter, in the dictionary it comes from.
  private func parameterName(_ match: NamePattern.Match, _ rule: PairRule) -> String {
    let dictionary = match.wrapper.lastIndex(of: "/").map { match.wrapper[...$0] } ?? ""
    return dictionary + rule.parameter.name(for: .init(wrapper: "", stem: match.stem))
  }
}

extension ConventionReader {
  /// A reader for pairs; of several sets of rules, the first that finds a pair is used.
  ///
  /// Pairs under other names beside them, such as `weight_ih_mu` and `weight_ih_rho`, are read too.
  init(name: String, layout: LayoutRule, pairs: PairConvention...) {
    self.init(name: name, layout: layout) { (file, options) throws(PosteriorError) in
      for convention in pairs {
        guard var reading = try convention.read(file, options) else { continue }
        reading.parameters += try additionalPairs(in: file, options, besides: reading)
        return reading
      }
      return nil
    }
  }
}
