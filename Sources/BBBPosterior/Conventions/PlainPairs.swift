import BBBNetwork
import BBBTensors

extension ConventionReader {
  /// Plain pairs, the neutral form: `<name>` or `<name>.mu` beside `<name>.sigma`, `.rho`,
  /// `.log_sigma` or `.logvar`.
  static let plainPairs = ConventionReader(
    name: "plain pairs", layout: .usual(.outputInput)
  ) { (file, options) throws(PosteriorError) in
    let pairs = file.tensors.enumerated().compactMap { PlainPair(scale: $1, at: $0, in: file) }
    guard let example = pairs.first(where: { $0.mean.shape.count > 1 }) else { return nil }
    try refuseGroupScales(in: file)
    try requireScales(pairs, like: example, in: file)
    var reading = Reading(parameters: [])
    for pair in pairs { reading.parameters.append(try pair.parameter(in: file, options)) }
    return reading
  }

  /// A mean that stands alone in a file of pairs has lost its standard deviation.
  private static func requireScales(
    _ pairs: [PlainPair], like example: PlainPair, in file: TensorFile
  ) throws(PosteriorError) {
    let used = Set(pairs.flatMap { [$0.mean.name, $0.scale.name] })
    for tensor in file.tensors
    where tensor.shape.count > 1 && tensor.elementType.isFloatingPoint
      && !used.contains(tensor.name)
    {
      let isMean = ["mu", "mean"].contains(ParameterName.lastComponent(of: tensor.name))
      guard isMean else { continue }
      throw PosteriorError(
        .incomplete, path: file.path,
        """
        "\(tensor.name)" is a mean but no standard deviation stands beside it, as \
        "\(example.scale.name)" does beside "\(example.mean.name)"; save both
        """)
    }
  }

  private static func refuseGroupScales(in file: TensorFile) throws(PosteriorError) {
    let groupScale = file.tensors.first { ParameterName.lastComponent(of: $0.name) == "z_mu" }
    guard let groupScale else { return }
    throw PosteriorError(
      .unsupported, path: file.path,
      """
      "\(groupScale.name)" multiplies whole groups of weights (Bayesian compression), so a weight's \
      own mean and standard deviation do not stand in the file; save the effective ones as \
      <name>.mu and <name>.sigma
      """)
  }
}

/// Plain pairs beside what a convention found: layers of kinds that the convention does not name.
///
/// - Parameters:
///   - file: The checkpoint.
///   - options: The user's.
///   - reading: What the convention found.
/// - Returns: The parameters, in file order.
/// - Throws: ``PosteriorError`` if a mean and its scale do not fit.
func additionalPairs(
  in file: TensorFile, _ options: PosteriorOptions, besides reading: Reading
) throws(PosteriorError) -> [GaussianParameter] {
  let known = reading.knownNames
  var parameters: [GaussianParameter] = []
  for (position, scale) in file.tensors.enumerated() where !known.contains(scale.name) {
    guard let pair = PlainPair(scale: scale, at: position, in: file),
      !known.contains(pair.mean.name), !ParameterName.isNoisePriorOrMask(scale.name),
      !ParameterName.isTrainingState(scale.name), !ParameterName.isBuffer(pair.mean.name)
    else { continue }
    parameters.append(try pair.parameter(in: file, options))
  }
  return parameters
}

/// A scale whose name says what it is, and the mean it belongs to.
private struct PlainPair {
  let name: String
  let mean: Tensor
  let scale: Tensor
  let kind: ScaleKind
  /// The place in the file, for the order of layers.
  let position: Int

  /// The pair as a parameter of a network.
  ///
  /// - Throws: ``PosteriorError`` if the two do not fit, or the scale cannot be what its name says.
  func parameter(
    in file: TensorFile, _ options: PosteriorOptions
  ) throws(PosteriorError) -> GaussianParameter {
    if options.scaleKind == nil, kind == .standardDeviation,
      scale.elementType.isFloatingPoint, try scale.valueSummary().negativeShare > 0.5
    {
      throw PosteriorError(
        .invalidValue, path: file.path,
        """
        "\(scale.name)" holds mostly negative numbers, so it is no standard deviation but what one is \
        computed from: say --scale-is rho if σ = log(1 + exp x), --scale-is log-sigma if σ = exp x
        """)
    }
    return GaussianParameter(
      name: name,
      gaussian: try file.gaussian(
        mean: mean, scale: scale,
        parametrisation: (options.scaleKind ?? kind).parametrisation),
      position: position)
  }

  init?(scale: Tensor, at scalePosition: Int, in file: TensorFile) {
    for (word, kind) in ScaleKind.words {
      for separator in [".", "_"] where scale.name.hasSuffix(separator + word) {
        let stem = String(scale.name.dropLast(word.count + 1))
        let endings = ["", separator + "mu", separator + "mean", separator + "loc"]
        guard let mean = endings.lazy.compactMap({ file[stem + $0] }).first else { continue }
        self.name = stem
        self.mean = mean
        self.scale = scale
        self.kind = kind
        position = scalePosition
        return
      }
    }
    return nil
  }
}
