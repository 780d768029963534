import BBBInference

/// Rounds what prunings leave of one network.
///
/// Each layer's weights and biases take the levels of a uniform grid or of a codebook, or are floats,
/// whichever makes expected cost plus price of bits smallest (``Precision``). A weight whose best level is
/// zero is removed as well, and so are hidden units that are not worth their bits, if the outputs bear it.
final class NetworkQuantiser: Sendable {
  private let network: GaussianNetwork
  private let trial: OutputTrial
  private let shared = SharedQuantisations()

  /// Prepares for a network.
  ///
  /// - Parameters:
  ///   - network: The dense network.
  ///   - calibration: Inputs of the kind that the network is for; `nil` for synthetic ones.
  init(_ network: GaussianNetwork, calibration: ComparisonInputs?) {
    self.network = network
    trial = OutputTrial(of: network, calibration: calibration)
  }

  /// The network without what a pruning removes, the rest quantised.
  ///
  /// - Parameters:
  ///   - pruning: Made from the posterior that the network was read from: what is removed at least.
  ///   - precision: How finely to round.
  /// - Returns: The quantised network.
  func quantised(_ pruning: Pruning, to precision: Precision) -> QuantisedNetwork {
    quantised(pruning, to: precision, check(pruning), mustHold: false)
  }

  /// The network without what a pruning removes, the rest quantised at the standard precision, or as much more finely
  /// as is needed for the outputs to stay what they are.
  ///
  /// - Parameter pruning: What is removed at least.
  /// - Returns: The quantised network; `nil` if no precision holds the ceiling.
  func quantisedAutomatically(_ pruning: Pruning) -> QuantisedNetwork? {
    let check = check(pruning)
    var precision: Precision? = .standard
    while let tried = precision {
      let network = quantised(pruning, to: tried, check, mustHold: true)
      if network.quantisation.holdsCeiling { return network }
      precision = tried.refined(from: network.quantisation.outputChange, to: check.ceiling)
    }
    return nil
  }

  private func check(_ pruning: Pruning) -> OutputCheck {
    OutputCheck(
      against: PrunedStructure(network.means, pruning).model(network.means.layers), on: trial)
  }

  /// By how much more the outputs may change if units go that are not worth their bits.
  private static let unitTolerance = 1.1

  /// The quantised network, without units that are not worth their bits if the outputs bear it; where the ceiling must be
  /// held and is not, such units are not looked for.
  private func quantised(
    _ pruning: Pruning, to precision: Precision, _ check: OutputCheck, mustHold: Bool
  ) -> QuantisedNetwork {
    let quantiser = LayerQuantiser(precision)
    let keeps = network.means.layers.enumerated().map { index, layer in
      pruning.mask(ofLayer: index) ?? Mask(repeating: true, count: layer.weights.count)
    }
    let masks = zip(keeps, zip(network.means.layers, network.deviations)).map {
      quantiser.mask($0, of: $1.0, deviations: $1.1.weights)
    }
    func quantised(
      without units: UnprofitableUnits
    ) -> (network: QuantisedNetwork, layers: [QuantisedLayer]) {
      let key = SharedQuantisations.Key(precision: precision, masks: masks, units: units)
      let layers = shared.layers(key) { quantise(masks, quantiser, without: units) }
      let (model, reached) = assemble(layers, keeps, pruning, quantiser)
      let quantisation = Quantisation(
        precision: precision, outputChange: check.change(of: model), ceiling: check.ceiling,
        isCalibrated: check.isCalibrated)
      return (
        QuantisedNetwork(model: model, pruning: reached, quantisation: quantisation), layers
      )
    }
    let (whole, layers) = quantised(without: UnprofitableUnits(layerCount: masks.count))
    if mustHold, !whole.quantisation.holdsCeiling { return whole }
    let units = UnprofitableUnits(in: layers, correlation: LayerQuantiser.inputCorrelation)
    guard !units.isEmpty else { return whole }
    let small = quantised(without: units).network
    let limit = Self.unitTolerance * whole.quantisation.outputChange
    return small.quantisation.outputChange <= (mustHold ? min(limit, check.ceiling) : limit)
      ? small : whole
  }

  /// Quantises the weights of all layers.
  ///
  /// - Parameters:
  ///   - masks: For each layer, which weights may be worth their bits.
  ///   - quantiser: How.
  ///   - units: Units to do without.
  /// - Returns: The layers.
  private func quantise(
    _ masks: [Mask], _ quantiser: LayerQuantiser, without units: UnprofitableUnits
  ) -> [QuantisedLayer] {
    let dense = network.means.layers
    var layers: [QuantisedLayer] = []
    // From the last layer to the first, so that what leads to unused units is known to be useless.
    var outputIsUsed = [Bool](repeating: true, count: network.means.outputCount)
    for index in dense.indices.reversed() {
      let mask = quantiser.mask(
        masks[index], of: dense[index], outputIsUsed: outputIsUsed,
        withoutInputs: index > 0 ? units.withoutOutgoing[index - 1] : [],
        withoutOutputs: index < dense.count - 1 ? units.withoutIncoming[index] : [])
      let layer = quantiser.quantise(
        dense[index], deviations: network.deviations[index].weights, mask: mask)
      layers.insert(layer, at: 0)
      outputIsUsed = layer.inputIsUsed(inputCount: dense[index].inputCount)
    }
    return layers
  }

  /// The compact model of quantised layers, its biases quantised as well, and what is removed of the posterior.
  ///
  /// - Parameters:
  ///   - quantised: The layers.
  ///   - masks: For each layer, which weights the pruning leaves.
  ///   - pruning: The pruning.
  ///   - quantiser: How biases are quantised.
  /// - Returns: The model, which holds standard deviations, and the pruning that it is the result of.
  private func assemble(
    _ quantised: [QuantisedLayer], _ masks: [Mask], _ pruning: Pruning, _ quantiser: LayerQuantiser
  ) -> (CompactModel, Pruning) {
    var layers = network.means.layers
    var keeps = pruning.keeps
    var costs: [Double] = []
    for (index, layer) in quantised.enumerated() {
      let dense = layers[index]
      let isLast = index == quantised.count - 1
      costs.append(
        quantiser.cost(
          of: layer, masks[index], of: dense, deviations: network.deviations[index].weights,
          outputIsUsed: isLast
            ? Array(repeating: true, count: dense.outputCount)
            : quantised[index + 1].inputIsUsed(inputCount: dense.outputCount)))
      layers[index].weights = Array(repeating: 0, count: dense.weights.count)
      let places = pruning.segments.first { $0.layer == index && !$0.isBias }?.positions
      if let places { keeps.remove(places) }
      for weight in layer.weights {
        let position = dense.position(from: weight.input, to: weight.output)
        layers[index].weights[position] = weight.value
        if let places { keeps[places.lowerBound + position] = true }
      }
    }
    let reached = pruning.removing(keeps)
    var model = PrunedStructure(network.means, reached).model(
      layers, deviations: network.deviations)
    model = quantiser.quantisingBiases(of: model, adding: &costs)
    model.origin.parameterCosts = costs.map {
      Float(min($0, Double(Float.greatestFiniteMagnitude)))
    }
    return (model, reached)
  }
}
