import BBBInference

extension MeanNetwork {
  /// The network without what a pruning removes.
  ///
  /// Removed weights are absent, dead units go (``DeadUnits``), hidden units stand in the order that codes
  /// shortest, and the function is that of the dense network with zeros in place of the removed weights, up
  /// to the rounding of sums.
  ///
  /// - Parameter pruning: Made from the posterior that this network's means come from.
  /// - Returns: The compact model.
  public func compacted(by pruning: Pruning) -> CompactModel {
    PrunedStructure(self, pruning).model(layers).inCodingOrder()
  }
}
