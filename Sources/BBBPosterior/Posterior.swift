import BBBErrors
import BBBNetwork
import BBBTensors

/// The mean-field Gaussian posterior of a network: an independent N(μ, σ²) for every weight.
///
/// Read from a checkpoint of any library whose naming is recognised; see ``Convention``.
public struct Posterior: Sendable {
  /// The file it was read from.
  public let path: String
  /// Whose naming and parametrisation the file follows.
  public let convention: Convention
  /// The parameters of its matrices, in the order the network applies them where their sizes chain: that of ranking; then
  /// those of its constants.
  public let parameters: [PosteriorParameter]
  /// The network that runs them, or why none is known.
  public let binding: Result<NetworkBinding, NetworkObstacle>
  /// What is said of the network's inputs and outputs.
  public let interface: NetworkInterface
  /// The prior that the checkpoint's metadata name, or that curvature was added to; `nil` if there is
  /// none, or if it is named in other words than ours.
  public let prior: Prior?
  /// The names of tensors that the library saves a second time, each with the name of the one read.
  public let copies: [String: String]
  /// Whether weights have standard deviations: those of a point estimate have none, and those of ordinary
  /// layers beside Bayesian ones have none either (``PosteriorParameter/isCertain``).
  public var hasDeviations: Bool { parameters.contains { $0.weight.scale != nil } }
  /// What the user should know though the file could be read, one sentence each.
  public let warnings: [String]

  /// Recognises the posterior in a file; values are checked later, when they are read.
  ///
  /// - Parameters:
  ///   - file: The checkpoint.
  ///   - options: What the file does not say.
  /// - Throws: ``PosteriorError`` if no convention fits, a part is missing, or shapes do not fit.
  public init(_ file: TensorFile, options: PosteriorOptions = .init()) throws(PosteriorError) {
    do throws(PosteriorError) {
      try self.init(reading: file, options)
    } catch {
      throw LoneShard.explained(error, file)
    }
  }

  private init(reading file: TensorFile, _ options: PosteriorOptions) throws(PosteriorError) {
    try options.check(path: file.path)
    let (file, pruneWarnings) = try PruneReparametrisation.undone(
      in: InputMomentTensors.left(outOf: file))
    let shardWarnings = try LoneShard.warnings(file)
    try UnreadParts.refuse(in: file)
    let (reader, found) = try Self.recognise(file, options)
    var reading = LikelihoodSites.left(outOf: found)
    guard reading.parameters.contains(where: \.isWeight) else {
      throw PosteriorError(
        .incomplete, path: file.path,
        """
        there are means and standard deviations (\(reader.name)) but none of a weight matrix or \
        kernel, so there is nothing to prune; found: \(listing(of: file.tensors))
        """)
    }
    reading.parameters += try CertainLayers.weights(in: file, besides: reading)
    // A graph has its constants' numbers itself.
    let described = options.network ?? (try? NetworkMetadata(file).network())
    let constants = try ConstantTensors(
      of: options.graph == nil ? described : nil, in: file, &reading)
    let normalisations = try FoundNormalisation.all(in: file, options, beside: reading.parameters)
    try Self.refuseUnusedModel(options, reading, normalisations, reader, path: file.path)
    let theirParameters = Set(normalisations.flatMap(\.parameters))
    let assembly = try LayerAssembly(
      reading.parameters.filter { !theirParameters.contains($0.name) }, in: file,
      layout: reader.layout)
    let isChosen = options.meanPattern != nil
    if !isChosen { try SeparateNetworks.refuse(assembly.layers, in: file) }
    let order = LayerOrder(assembly.layers, rule: reader.layout, format: file.format)
    let places = NormalisationPlaces(normalisations, in: order)
    let layers = try Self.layers(order, places, options)
    let unexplained = UnexplainedTensors(
      in: file, besides: assembly, reading, folded: places.normalisations, isChosen: isChosen
    ).names.filter { !constants.names.contains($0) }
    // What has no place is no part of a layer.
    let leftOut =
      assembly.leftOut
      + (places.isEmpty
        ? reading.parameters.map(\.name).filter(theirParameters.contains) : [])

    path = file.path
    convention = Convention(name: reader.name, formula: Self.formula(of: layers))
    copies = reading.copies
    let hints = try NetworkHints(NetworkMetadata(file), options)
    interface = hints.interface
    let graph = try options.graph.map { graph throws(PosteriorError) in
      try GraphBinding(
        graph, layers, order: order.layout, hints.interface, besides: leftOut + unexplained,
        path: file.path)
    }
    parameters = (graph?.layers ?? layers) + constants.parameters + (graph?.certain ?? [])
    binding =
      if let graph {
        .success(graph.binding)
      } else {
        try Self.binding(
          ChainRecognition(
            layers: layers, isChain: order.isChain, foreign: leftOut + unexplained,
            normalisationObstacle: places.obstacle,
            isStated: options.layerSizes != nil || file.metadata["arch"] != nil
              || file.metadata["network"] != nil, hints: hints), constants.parameters,
          order: order.layout, options, path: file.path)
      }
    prior =
      file.metadata["prior"].flatMap(Prior.init(formula:))
      ?? Prior(layers.filter { !$0.isCertain }.map(\.weight.parametrisation))
    // A graph says itself what lies between the layers, and in which order they follow.
    let networkWarnings =
      graph?.warnings
      ?? Self.warnings(leftOut: leftOut, unexplained: unexplained)
      + [(try? binding.get()) != nil ? places.assumption : nil].compactMap(\.self)
      + (order.isGuess ? [Self.guess(layers)] : [])
    let notes = [CertainLayers.warning(layers), StoredSigns.warning(layers)]
    let warnings =
      file.warnings + shardWarnings + UnreadParts.warnings(in: file) + pruneWarnings
      + reading.warnings + networkWarnings + notes.compactMap(\.self)
      + SeparateNetworks.warnings(layers) + hints.warnings + Self.resetWarnings(layers, options)
    self.warnings = warnings.map(\.withoutControlCharacters)
    try checkSizes(options)
  }

  /// Finds the network: the one described, else a chain.
  private static func binding(
    _ recognition: ChainRecognition, _ constants: [PosteriorParameter],
    order: WeightShape.Order, _ options: PosteriorOptions, path: String
  ) throws(PosteriorError) -> Result<NetworkBinding, NetworkObstacle> {
    let hints = recognition.hints
    guard let (network, isTheUsers) = hints.network else {
      return Result { () throws(NetworkObstacle) in try recognition.binding() }
    }
    do throws(NetworkObstacle) {
      if !recognition.foreign.isEmpty {
        throw NetworkObstacle(
          reason: """
            the file holds more than the network's weights and biases (\(listing(of: recognition.foreign))), which \
            this version does not run beside them
            """)
      }
      if let obstacle = recognition.normalisationObstacle {
        throw NetworkObstacle(reason: obstacle)
      }
      if let obstacle = hints.interface.obstacle(of: network) {
        throw NetworkObstacle(reason: obstacle)
      }
      return .success(
        try NetworkBinding(
          network, to: recognition.layers, constants, order: order,
          ignoresBiases: options.ignoresBiases))
    } catch {
      // What the user says must fit; what the file says of itself leaves it a file of weights.
      guard isTheUsers else { return .failure(error) }
      throw PosteriorError(.invalidOption, path: path, "--network does not fit: \(error.reason)")
    }
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

  /// Refuses a second file that nothing is read from: the user believes that it matters.
  private static func refuseUnusedModel(
    _ options: PosteriorOptions, _ reading: Reading, _ normalisations: [FoundNormalisation],
    _ reader: ConventionReader, path: String
  ) throws(PosteriorError) {
    guard let model = options.model, !reading.usesModel,
      !normalisations.contains(where: { $0.file.path == model.path })
    else { return }
    throw PosteriorError(
      .invalidOption, path: path,
      """
      nothing of --model \(model.path) is used, since the checkpoint (\(reader.name)) has means, names and \
      shapes itself; leave --model out
      """)
  }

  private static func layers(
    _ order: LayerOrder, _ places: NormalisationPlaces, _ options: PosteriorOptions
  ) throws(PosteriorError) -> [PosteriorParameter] {
    let names = ParameterName.shortened(
      order.layers.map { ParameterName.layer(ofWeight: $0.weight.name) })
    var layers: [PosteriorParameter] = []
    for (index, (name, layer)) in zip(names, order.layers).enumerated() {
      var weight = layer.weight.gaussian
      if options.readsResetAsRemoved { weight.removesReset = try weight.resetRule() }
      let weights = layer.weights(order.layout)
      var bias = options.ignoresBiases ? nil : layer.bias
      if options.readsResetAsRemoved, let rule = try bias?.resetRule() {
        bias?.removesReset = rule
      }
      if let bias, !layer.accepts(biasCount: bias.count, layout: order.layout) {
        throw PosteriorError(
          .shapeMismatch, path: weight.path,
          """
          "\(bias.mean.name)" has \(bias.count) elements but its layer, "\(weight.mean.name)" \
          \(shapeText(weight.shape)), has \(weights.rows) outputs; both must come from the same \
          network
          """)
      }
      layers.append(
        PosteriorParameter(
          name: name, weights: weights, weight: weight, bias: bias,
          inputNormalisation: places.ofInputs[index],
          outputNormalisation: places.ofOutputs[index], isOfGraph: false))
    }
    return layers
  }

  /// The formulas that the weights' standard deviations are computed by, each once.
  private static func formula(of layers: [PosteriorParameter]) -> String {
    var formulas: [String] = []
    for case let formula? in layers.map(\.weight.parametrisation?.formula)
    where !formulas.contains(formula) {
      formulas.append(formula)
    }
    return formulas.isEmpty ? "σ = 0" : formulas.joined(separator: "; ")
  }

  private static func resetWarnings(
    _ layers: [PosteriorParameter], _ options: PosteriorOptions
  ) -> [String] {
    // What cannot be read is an error where it is asked for.
    guard !options.readsResetAsRemoved, let reset = try? ResetWeights(layers) else { return [] }
    return reset.warning.map { [$0] } ?? []
  }

  private static func guess(_ layers: [PosteriorParameter]) -> String {
    """
    neither names nor sizes say in which order the layers follow, and the file is sorted by name; \
    taken is \(listing(of: layers.map(\.name)))
    """
  }

  private static func warnings(
    leftOut: [String], unexplained: [String]
  ) -> [String] {
    var warnings: [String] = []
    if !leftOut.isEmpty {
      warnings.append(
        """
        left out, because they are neither weights nor biases of a layer: \
        \(listing(of: leftOut))
        """)
    }
    if !unexplained.isEmpty {
      warnings.append(
        "left out, because they have no standard deviation: \(listing(of: unexplained))")
    }
    return warnings
  }

  private func checkSizes(_ options: PosteriorOptions) throws(PosteriorError) {
    guard let expected = options.layerSizes, let found = network?.layerSizes?.sizes,
      expected != found
    else { return }
    let text = [expected, found].map { $0.map(String.init).joined(separator: ",") }
    throw PosteriorError(
      .invalidOption, path: path, "--layers says \(text[0]) but the file's layers are \(text[1])")
  }
}

extension Posterior {
  /// The network that runs the parameters; nil if none is known.
  public var network: Network? { (try? binding.get())?.network }

  /// Why no network is known that runs the parameters, as a sentence; nil if one is.
  public var obstacle: String? {
    if case .failure(let obstacle) = binding { obstacle.reason } else { nil }
  }

  /// What is assumed when the network is run; empty if all is said, or no network is known.
  public var assumptions: [Assumption] {
    guard case .success(let binding) = binding else { return [] }
    return binding.assumptions
      + interface.assumptions(outputCount: binding.network.outputCount)
  }
}
