import BBBNetwork
import BBBTensors

extension ConventionReader {
  /// The tensors that the user names with `--mean` and `--scale`.
  ///
  /// - Throws: ``PosteriorError`` if a pattern or the kind of scale is missing or malformed.
  static func patterns(
    _ options: PosteriorOptions, path: String
  ) throws(PosteriorError) -> ConventionReader? {
    guard options.meanPattern != nil || options.scalePattern != nil else { return nil }
    guard let meanText = options.meanPattern, let scaleText = options.scalePattern else {
      throw PosteriorError(
        .invalidOption, path: path,
        "--mean and --scale belong together: one names the means, the other what goes with them")
    }
    let mean = NamePattern(meanText)
    let scale = NamePattern(scaleText)
    let areNames = !meanText.contains("*") && !scaleText.contains("*")
    guard areNames || (mean != nil && scale != nil) else {
      throw PosteriorError(
        .invalidOption, path: path,
        """
        --mean "\(meanText)" and --scale "\(scaleText)" must each have exactly one *, which stands \
        for the part of the name that both share, such as "*.loc" and "*.spread", or be the names of two \
        flat vectors
        """)
    }
    guard meanText != scaleText else {
      throw PosteriorError(
        .invalidOption, path: path,
        "--mean and --scale both say \"\(meanText)\"; means and scales are different tensors")
    }
    guard let kind = options.scaleKind ?? ScaleKind.named(by: scaleText) else {
      let kinds = ScaleKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw PosteriorError(
        .invalidOption, path: path,
        "say what \"\(scaleText)\" holds with --scale-is, one of: \(kinds)")
    }
    return ConventionReader(
      name: "named: \(meanText) with \(scaleText)", layout: .usual(.outputInput)
    ) { (file, options) throws(PosteriorError) in
      if let mean, let scale {
        let pairs = PairConvention(rules(mean: mean, scale: scale), kind.parametrisation)
        if let reading = try pairs.read(file, options) { return reading }
      }
      // Names of vectors that hold all parameters, whose shapes --model or --layers gives.
      for tensor in file.tensors where tensor.shape.count == 1 {
        let scaleName =
          areNames ? scaleText : mean?.match(tensor.name).flatMap { scale?.name(for: $0) }
        guard let scaleName, !areNames || tensor.name == meanText, file[scaleName] != nil else {
          continue
        }
        return try FlatPosterior(
          pairs: [(tensor.name, scaleName)],
          parametrisation: { (_, _) throws(PosteriorError) in kind.parametrisation },
          order: .asListed
        ).read(file, options)
      }
      return nil
    }
  }

  /// The rule for the patterns and, where they speak of weights, the like rule for biases.
  private static func rules(mean: NamePattern, scale: NamePattern) -> [PairRule] {
    for word in ["weight", "kernel"] {
      guard let biasMean = mean.replacing(word), let biasScale = scale.replacing(word) else {
        continue
      }
      return [
        PairRule(mean: mean, scale: scale, parameter: NamePattern(suffix: ".weight")),
        PairRule(
          mean: biasMean, scale: biasScale, parameter: NamePattern(suffix: ".bias"),
          isScaleOptional: true),
      ]
    }
    return [PairRule(mean: mean, scale: scale)]
  }
}

extension NamePattern {
  /// The pattern for biases: with `bias` in place of the word for weights; nil without that word.
  fileprivate func replacing(_ word: String) -> NamePattern? {
    func replaced(_ text: String) -> String {
      text.split(separator: word, omittingEmptySubsequences: false).joined(separator: "bias")
    }
    let pattern = NamePattern(prefix: replaced(prefix), suffix: replaced(suffix))
    return pattern.prefix == prefix && pattern.suffix == suffix ? nil : pattern
  }
}
