import BBBInference

extension MeanNetwork {
  /// The network without what a pruning removes.
  ///
  /// Removed weights are absent, dead units go (``DeadUnits``), and the function is that of the dense
  /// network with zeros in place of the removed weights, up to the rounding of sums.
  ///
  /// - Parameter pruning: Made from the posterior that this network's means come from.
  /// - Returns: The compact model.
  public func compacted(by pruning: Pruning) -> CompactModel {
    let kept = layers.enumerated().map { index, layer in
      KeptWeights(
        layer, weightMask: pruning.mask(ofLayer: index),
        biasMask: pruning.mask(ofLayer: index, isBias: true))
    }
    let live = DeadUnits.remove(from: kept, activations: layers.map(\.activation))
    return CompactModel(
      layers: zip(live, layers).map { live, layer in
        SparseLayer(
          inputCount: live.inputCount, rowStarts: live.rowStarts.map(UInt32.init),
          columns: live.columns, values: live.values, biases: live.biases,
          activation: layer.activation)
      },
      outputKind: .classes, inputScale: inputScale,
      origin: CompactModel.Origin(
        denseWeightCount: weightCount, denseBiasCount: biasCount,
        removedCount: pruning.removedCount, criterion: pruning.criterion.name))
  }
}
