import BBBTensors

/// The tensors that a network like this computes with, though no layer has them.
struct UnexplainedTensors {
  /// Their names, in file order.
  let names: [String]

  /// Finds them: whatever the file holds that is neither read nor known to be something else.
  ///
  /// - Parameters:
  ///   - file: The checkpoint.
  ///   - assembly: The layers found in it.
  ///   - reading: What they were made of.
  ///   - folded: Batch normalisations that are run as part of the layers.
  ///   - isChosen: Whether the user named the tensors, so that other dictionaries are other networks.
  init(
    in file: TensorFile, besides assembly: LayerAssembly, _ reading: Reading,
    folded: [BatchNormalisation], isChosen: Bool
  ) {
    let known = reading.knownNames.union(assembly.layers.compactMap(\.bias?.mean.name))
      .union(folded.flatMap(\.tensors).map(\.name))
    // Only PyTorch nests dictionaries; elsewhere a path is part of a layer's name.
    let dictionary =
      isChosen || file.format == .pytorch
      ? ParameterName.sharedDictionary(of: assembly.layers.map(\.weight.gaussian.mean.name)) : ""
    names = file.tensors.filter { tensor in
      guard Self.mayBeOfNetwork(tensor), !known.contains(tensor.name) else { return false }
      // Beside the network's dictionary there may be a part of the network, or a history of losses.
      return tensor.name.hasPrefix(dictionary)
        || (!isChosen && ParameterName.isParameter(tensor.name))
    }.map(\.name)
  }

  private static func mayBeOfNetwork(_ tensor: Tensor) -> Bool {
    let name = tensor.name
    if ParameterName.isNoisePriorOrMask(name) || ParameterName.isTrainingState(name) {
      return false
    }
    // A single number is a loss, a temperature or the like unless its name says otherwise.
    return ParameterName.isParameter(name)
      || (tensor.elementType.isFloatingPoint && tensor.count > 1)
  }
}
