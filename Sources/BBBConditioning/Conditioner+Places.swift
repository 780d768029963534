import BBBPruning

/// What prunings leave of the network's matrices.
extension Conditioner {
  /// The weights that are left, by the posterior's parameter.
  func masks(_ kept: [KeptPlaces?]) -> [Int: Mask] {
    var masks: [Int: Mask] = [:]
    for (parameter, kept) in kept.enumerated() {
      guard let kept else { continue }
      let own = kept.mask(network.matrices[parameter].shape)
      // Weights that a graph multiplies by in several matrices stay where one of them keeps them.
      masks[network.posteriorParameters[parameter]] =
        masks[network.posteriorParameters[parameter]].map { Mask(zip($0, own).map { $0 || $1 }) }
        ?? own
    }
    return masks
  }

  /// By parameter, what a pruning leaves; `nil` where it removes nothing ever.
  func places(_ pruning: Pruning) -> [KeptPlaces?] {
    let biasMasks = network.biasMasks(pruning)
    return network.matrices.indices.map { parameter in
      let own = network.network.parameters[parameter]
      guard !own.isConstant(in: network.network),
        let mask = pruning.mask(ofParameter: network.posteriorParameters[parameter])
      else { return nil }
      return KeptPlaces(
        network.matrices[parameter], hasBias: own.hasBias, mask, biases: biasMasks[parameter])
    }
  }
}
