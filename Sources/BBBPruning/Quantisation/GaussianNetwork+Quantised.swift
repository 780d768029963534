import BBBInference

/// A pruned network whose weights are rounded.
struct QuantisedNetwork: Sendable {
  /// The network as it runs, with hidden units in the order of the dense network; its origin tells what quantisation
  /// costs.
  let model: CompactModel
  /// What is removed: by the pruning asked for, and by quantisation.
  let pruning: Pruning
  /// How it was rounded, and what that changes.
  let quantisation: Quantisation
}

/// How a network was quantised, and what that changes.
public struct Quantisation: Hashable, Sendable {
  /// How finely weights are rounded.
  public let precision: Precision
  /// By how much the outputs change: for classes the mean total variation between the class probabilities before
  /// and after, for numbers the root mean square difference as a fraction of the output's standard deviation.
  public let outputChange: Double
  /// The change up to which a precision is acceptable where it is chosen.
  public let ceiling: Double
  /// Whether the change is that on given inputs, or on synthetic ones.
  public let isCalibrated: Bool

  /// Whether the change is within the ceiling.
  public var holdsCeiling: Bool { outputChange <= ceiling }
}

extension GaussianNetwork {
  /// The network without what a pruning removes, the rest quantised at the standard precision, or as much more finely
  /// as is needed for the outputs to stay what they are.
  ///
  /// - Parameters:
  ///   - pruning: What is removed at least.
  ///   - keepsUncertainty: Whether the model holds the standard deviations of what is left.
  ///   - calibration: Inputs of the kind that the network is for; `nil` for synthetic ones.
  /// - Returns: The quantised network; `nil` if no precision holds the ceiling.
  func quantisedAutomatically(
    _ pruning: Pruning, keepsUncertainty: Bool, calibration: ComparisonInputs?
  ) -> QuantisedNetwork? {
    let check = check(pruning, calibration)
    var precision: Precision? = .standard
    while let tried = precision {
      let network = quantised(
        pruning, to: tried, check, mustHold: true, keepsUncertainty: keepsUncertainty,
        isCalibrated: calibration != nil)
      if network.quantisation.holdsCeiling { return network }
      precision = tried.refined(
        from: network.quantisation.outputChange, to: check.ceiling)
    }
    return nil
  }

  /// The network without what a pruning removes, the rest quantised.
  ///
  /// Each layer's weights and biases take the levels of a uniform grid or of a codebook, or are floats,
  /// whichever makes expected cost plus price of bits smallest (``Precision``). A weight whose best level is
  /// zero is removed as well, and so are hidden units that are not worth their bits, if the outputs bear it.
  ///
  /// - Parameters:
  ///   - pruning: Made from the posterior that this network was read from: what is removed at least.
  ///   - precision: How finely to round.
  ///   - keepsUncertainty: Whether the model holds the standard deviations of what is left.
  ///   - calibration: Inputs of the kind that the network is for; `nil` for synthetic ones.
  /// - Returns: The quantised network.
  func quantised(
    _ pruning: Pruning, to precision: Precision, keepsUncertainty: Bool,
    calibration: ComparisonInputs?
  ) -> QuantisedNetwork {
    quantised(
      pruning, to: precision, check(pruning, calibration), mustHold: false,
      keepsUncertainty: keepsUncertainty, isCalibrated: calibration != nil)
  }

  private func check(_ pruning: Pruning, _ calibration: ComparisonInputs?) -> OutputCheck {
    OutputCheck(
      self, PrunedStructure(means, pruning).model(means.layers), calibration: calibration)
  }

  /// By how much more the outputs may change if units go that are not worth their bits.
  private static let unitTolerance = 1.1

  /// The quantised network, without units that are not worth their bits if the outputs bear it; where the ceiling must be
  /// held and is not, such units are not looked for.
  private func quantised(
    _ pruning: Pruning, to precision: Precision, _ check: OutputCheck, mustHold: Bool,
    keepsUncertainty: Bool, isCalibrated: Bool
  ) -> QuantisedNetwork {
    let quantiser = LayerQuantiser(precision)
    let masks = means.layers.indices.map { index in
      pruning.mask(ofLayer: index)
        ?? Mask(repeating: true, count: means.layers[index].weights.count)
    }
    func network(without units: UnprofitableUnits) -> (QuantisedNetwork, [QuantisedLayer]) {
      let layers = quantised(masks, quantiser, without: units)
      let (model, reached) = assemble(
        layers, pruning, quantiser, keepsUncertainty: keepsUncertainty)
      let quantisation = Quantisation(
        precision: precision, outputChange: check.change(of: model), ceiling: check.ceiling,
        isCalibrated: isCalibrated)
      return (
        QuantisedNetwork(model: model, pruning: reached, quantisation: quantisation), layers
      )
    }
    let (whole, layers) = network(without: UnprofitableUnits(layerCount: masks.count))
    if mustHold, !whole.quantisation.holdsCeiling { return whole }
    let units = UnprofitableUnits(in: layers, correlation: LayerQuantiser.inputCorrelation)
    guard !units.isEmpty else { return whole }
    let (small, _) = network(without: units)
    let limit = Self.unitTolerance * whole.quantisation.outputChange
    return small.quantisation.outputChange <= (mustHold ? min(limit, check.ceiling) : limit)
      ? small : whole
  }

  /// The compact model of quantised layers, its biases quantised as well, and what is removed of the posterior.
  private func assemble(
    _ quantised: [QuantisedLayer], _ pruning: Pruning, _ quantiser: LayerQuantiser,
    keepsUncertainty: Bool
  ) -> (CompactModel, Pruning) {
    var layers = means.layers
    var keeps = pruning.keeps
    for (index, layer) in quantised.enumerated() {
      layers[index].weights = layer.values
      let segment = pruning.segments.first { $0.layer == index && !$0.isBias }
      for (position, value) in zip(segment?.positions ?? 0..<0, layer.values) {
        keeps[position] = value != 0
      }
    }
    var costs = quantised.map(\.cost)
    let reached = pruning.removing(keeps)
    var model = PrunedStructure(means, reached).model(layers, deviations: deviations)
    model = quantiser.quantisingBiases(of: model, adding: &costs)
    if !keepsUncertainty { model = model.withoutUncertainty() }
    model.origin.layerCosts = costs.map {
      Float(min($0, Double(Float.greatestFiniteMagnitude)))
    }
    return (model, reached)
  }

  /// Quantises the weights of all layers.
  ///
  /// - Parameters:
  ///   - masks: For each layer, which weights are to be written.
  ///   - quantiser: How.
  ///   - units: Units to do without.
  /// - Returns: The layers. Their costs hold what was to be written and is not.
  private func quantised(
    _ masks: [Mask], _ quantiser: LayerQuantiser, without units: UnprofitableUnits
  ) -> [QuantisedLayer] {
    var layers: [QuantisedLayer] = []
    // From the last layer to the first, so that what leads to unused units is known to be useless.
    var outputIsUsed = [Bool](repeating: true, count: means.outputCount)
    for index in means.layers.indices.reversed() {
      let dense = means.layers[index]
      let (mask, removalCost) = quantiser.mask(
        masks[index], of: dense, deviations: deviations[index].weights,
        outputIsUsed: outputIsUsed,
        withoutInputs: index > 0 ? units.withoutOutgoing[index - 1] : [],
        withoutOutputs: index < means.layers.count - 1 ? units.withoutIncoming[index] : [])
      var layer = quantiser.quantise(dense, deviations: deviations[index].weights, mask: mask)
      layer.cost += removalCost
      layers.insert(layer, at: 0)
      outputIsUsed = dense.inputIsUsed(by: layer.values)
    }
    return layers
  }
}
