import BBBTensors

/// The mean-field Gaussian posterior of a network: an independent N(μ, σ²) for every weight.
///
/// Read from a checkpoint of any library whose naming is recognised; see ``Convention``.
public struct Posterior: Sendable {
  /// The file it was read from.
  public let path: String
  /// Whose naming and parametrisation the file follows.
  public let convention: Convention
  /// The layers, in the order the network applies them where their sizes chain.
  public let layers: [PosteriorLayer]
  /// What is known about the network.
  public let network: Network
  /// What the user should know though the file could be read, one sentence each.
  public let warnings: [String]

  /// Recognises the posterior in a file; values are checked later, when they are read.
  ///
  /// - Parameters:
  ///   - file: The checkpoint.
  ///   - options: What the file does not say.
  /// - Throws: ``PosteriorError`` if no convention fits, a part is missing, or shapes do not fit.
  public init(_ file: TensorFile, options: PosteriorOptions = .init()) throws(PosteriorError) {
    try options.check(path: file.path)
    let (reader, reading) = try Self.recognise(file, options)
    let parameters = reading.parameters
    guard parameters.contains(where: \.isWeight) else {
      throw PosteriorError(
        .incomplete, path: file.path,
        """
        there are means and standard deviations (\(reader.name)) but none of a weight matrix or \
        kernel, so there is nothing to prune; found: \(listing(of: file.tensors))
        """)
    }
    let assembly = try LayerAssembly(parameters, in: file, usualLayout: reader.layout.layout)
    let order = LayerOrder(assembly.layers, rule: reader.layout, format: file.format)
    let layers = try Self.layers(order)
    let strangers = Self.strangers(in: file, besides: layers, reading)

    path = file.path
    convention = Convention(name: reader.name, formula: Self.formula(of: layers))
    self.layers = layers
    network = Network(
      layers, isChain: order.isChain, foreign: assembly.leftOut + strangers,
      hints: try NetworkHints(file, options))
    let warnings =
      reading.warnings
      + Self.warnings(leftOut: assembly.leftOut, strangers: strangers, layers: layers)
    self.warnings = warnings.map(\.withoutControlCharacters)
    try checkSizes(options)
  }

  private static func recognise(
    _ file: TensorFile, _ options: PosteriorOptions
  ) throws(PosteriorError) -> (ConventionReader, Reading) {
    if let named = try ConventionReader.patterns(options, path: file.path) {
      if let reading = try named.read(file, options) { return (named, reading) }
      throw PosteriorError(
        .unrecognised, path: file.path,
        """
        no two tensors fit --mean and --scale with the same text for the *; found: \
        \(listing(of: file.tensors))
        """)
    }
    for reader in ConventionReader.all {
      if let reading = try reader.read(file, options) { return (reader, reading) }
    }
    throw UnrecognisedFile(file: file).error
  }

  private static func layers(_ order: LayerOrder) throws(PosteriorError) -> [PosteriorLayer] {
    let names = ParameterName.shortened(
      order.layers.map { ParameterName.layer(ofWeight: $0.weight.name) })
    var layers: [PosteriorLayer] = []
    for (name, layer) in zip(names, order.layers) {
      let weight = layer.weight.gaussian
      if let bias = layer.bias, !layer.accepts(biasCount: bias.count, layout: order.layout) {
        let kind = LayerKind(shape: weight.shape, layout: order.layout)
        throw PosteriorError(
          .shapeMismatch, path: weight.path,
          """
          "\(bias.mean.name)" has \(bias.count) elements but its layer, "\(weight.mean.name)" \
          \(shapeText(weight.shape)), has \(kind.outputCount) outputs; both must come from the same \
          network
          """)
      }
      layers.append(
        PosteriorLayer(
          name: name, kind: LayerKind(shape: weight.shape, layout: order.layout), weight: weight,
          bias: layer.bias))
    }
    return layers
  }

  /// The formulas that the weights' standard deviations are computed by, each once.
  private static func formula(of layers: [PosteriorLayer]) -> String {
    var formulas: [String] = []
    for case let formula? in layers.map(\.weight.parametrisation?.formula)
    where !formulas.contains(formula) {
      formulas.append(formula)
    }
    return formulas.joined(separator: "; ")
  }

  /// The names of tensors that a network like this computes with, though no layer has them.
  private static func strangers(
    in file: TensorFile, besides layers: [PosteriorLayer], _ reading: Reading
  ) -> [String] {
    var known = reading.copies.union(layers.compactMap(\.bias?.mean.name))
    for parameter in reading.parameters {
      known.formUnion([parameter.name, parameter.gaussian.mean.name])
      known.formUnion(parameter.gaussian.scale.map { [$0.name] } ?? [])
    }
    return file.tensors.map(\.name).filter { name in
      ParameterName.isNetworkState(name) && !known.contains(name)
    }
  }

  private static func warnings(
    leftOut: [String], strangers: [String], layers: [PosteriorLayer]
  ) -> [String] {
    var warnings: [String] = []
    if !leftOut.isEmpty {
      warnings.append(
        """
        left out, because they are neither weights nor biases of a layer: \
        \(listing(of: leftOut))
        """)
    }
    if !strangers.isEmpty {
      warnings.append(
        "left out, because they have no standard deviation: \(listing(of: strangers))")
    }
    var seen = Set<String>()
    let twice = layers.map { $0.name.split(separator: "/").last.map(String.init) ?? $0.name }
      .filter { !seen.insert($0).inserted }
    if !twice.isEmpty {
      warnings.append(
        """
        more than one layer is called \(listing(of: twice)): the file may hold two \
        networks; name one of them with --mean and --scale
        """)
    }
    return warnings
  }

  private func checkSizes(_ options: PosteriorOptions) throws(PosteriorError) {
    guard let expected = options.layerSizes, let found = network.layerSizes, expected != found
    else {
      return
    }
    let text = [expected, found].map { $0.map(String.init).joined(separator: ",") }
    throw PosteriorError(
      .invalidOption, path: path, "--layers says \(text[0]) but the file's layers are \(text[1])")
  }
}

extension LayoutRule {
  fileprivate var layout: WeightLayout {
    switch self {
    case .fixed(let layout), .usual(let layout): layout
    }
  }
}
