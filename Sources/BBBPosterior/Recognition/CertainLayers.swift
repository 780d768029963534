import BBBTensors

/// The ordinary layers of a network that has Bayesian ones: their weights are certain (σ = 0).
///
/// A network of which only some layers are Bayesian saves the others as `body.weight`, under names that the
/// convention of the Bayesian ones does not fit. They are part of the network: it is run with them.
enum CertainLayers {
  /// Finds the weights of ordinary layers.
  ///
  /// A posterior of flat vectors says itself which parameters it lacks.
  ///
  /// - Parameters:
  ///   - file: The checkpoint.
  ///   - reading: What a convention found in it.
  /// - Returns: The weights, in file order.
  /// - Throws: ``PosteriorError`` if a tensor's elements cannot be weights.
  static func weights(
    in file: TensorFile, besides reading: Reading
  ) throws(PosteriorError) -> [GaussianParameter] {
    let means = reading.parameters.map(\.gaussian.mean.name)
    guard means.allSatisfy({ file[$0] != nil }) else { return [] }
    let known = reading.knownNames
    // Only PyTorch nests dictionaries; elsewhere a path is part of a layer's name.
    let dictionary = file.format == .pytorch ? ParameterName.sharedDictionary(of: means) : ""
    var weights: [GaussianParameter] = []
    for (position, tensor) in file.tensors.enumerated()
    where isWeight(tensor) && !known.contains(tensor.name) {
      guard
        file.format != .pytorch || ParameterName.sharedDictionary(of: [tensor.name]) == dictionary
      else { continue }
      weights.append(
        GaussianParameter(
          name: tensor.name,
          gaussian: try file.gaussian(mean: tensor, scale: nil, parametrisation: nil),
          position: position, isCertain: true))
    }
    return weights
  }

  private static func isWeight(_ tensor: Tensor) -> Bool {
    tensor.shape.count > 1 && tensor.elementType.isFloatingPoint
      && ParameterName.isWeight(tensor.name)
      && !ParameterName.isNoisePriorOrMask(tensor.name)
      && !ParameterName.isTrainingState(tensor.name)
  }

  /// Which layers are taken as ordinary, as a sentence; `nil` if none is, or if all are.
  static func warning(_ layers: [PosteriorParameter]) -> String? {
    let certain = layers.filter(\.isCertain)
    guard !certain.isEmpty, certain.count < layers.count else { return nil }
    return """
      without standard deviations, and so taken as ordinary layers whose weights are certain (σ = 0): \
      \(listing(of: certain.map(\.name))); they are run, but not pruned by any criterion that asks for σ
      """
  }
}
