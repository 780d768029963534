import BBBInference
import Foundation

/// A pruned network whose weights are rounded as far as the posterior allows.
public struct QuantisedNetwork: Sendable {
  /// The network as it runs; its origin tells what quantisation costs.
  public let model: CompactModel
  /// What is removed: by the pruning asked for, and by quantisation.
  public let pruning: Pruning
}

extension GaussianNetwork {
  /// The network without what a pruning removes, the rest quantised.
  ///
  /// Each layer's weights and biases take the levels of a uniform grid or of a codebook, or are floats,
  /// whichever makes expected cost plus price of bits smallest (``Precision``). A weight whose best level is
  /// zero is removed as well, and so are hidden units that are not worth their bits.
  ///
  /// - Parameters:
  ///   - pruning: Made from the posterior that this network was read from: what is removed at least.
  ///   - precision: How finely to round.
  ///   - keepsUncertainty: Whether the model holds the standard deviations of what is left.
  /// - Returns: The quantised network.
  public func quantised(
    _ pruning: Pruning, to precision: Precision, keepsUncertainty: Bool = false
  ) -> QuantisedNetwork {
    let network = quantisedInGivenOrder(
      pruning, to: precision, keepsUncertainty: keepsUncertainty)
    return QuantisedNetwork(model: network.model.inCodingOrder(), pruning: network.pruning)
  }

  /// The same as ``quantised(_:to:keepsUncertainty:)``, with hidden units in the order of the dense network.
  func quantisedInGivenOrder(
    _ pruning: Pruning, to precision: Precision, keepsUncertainty: Bool
  ) -> QuantisedNetwork {
    let quantiser = LayerQuantiser(precision)
    let masks = means.layers.indices.map { index in
      pruning.mask(ofLayer: index)
        ?? Mask(repeating: true, count: means.layers[index].weights.count)
    }
    var unprofitable = UnprofitableUnits(layerCount: means.layers.count)
    unprofitable.insert(from: quantised(masks, quantiser, without: unprofitable))
    let quantised = quantised(masks, quantiser, without: unprofitable)
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
    return QuantisedNetwork(model: model, pruning: reached)
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
