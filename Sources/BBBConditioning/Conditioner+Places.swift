import BBBPruning

/// What prunings leave of the network's matrices.
extension Conditioner {
  /// The weights that are left, by the posterior's parameter.
  func masks(_ kept: [KeptPlaces?]) -> [Int: Mask] {
    var masks: [Int: Mask] = [:]
    for (parameter, kept) in kept.enumerated() {
      guard let kept else { continue }
      masks[network.posteriorParameters[parameter]] = kept.mask(network.matrices[parameter].shape)
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
