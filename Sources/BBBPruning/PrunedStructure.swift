import BBBInference
import BBBNetwork

/// What a pruning leaves of a network, without values: the same for every draw of its weights.
///
/// Removed weights are absent and dead units go (``DeadUnits``). The function that a model made from
/// it computes is that of the dense network with zeros in place of the removed weights, up to the
/// rounding of sums.
struct PrunedStructure: Sendable {
  private let layers: [LayerStructure]
  /// Which biases of each layer stay; `nil` where all do.
  private let biasMasks: [Mask?]
  private let output: OutputMeaning
  private let inputScaling: InputScaling
  private let origin: CompactModel.Origin

  /// Finds what is left.
  ///
  /// - Parameters:
  ///   - network: The dense network; its values do not matter.
  ///   - pruning: Made from the same posterior.
  init(_ network: MeanNetwork, _ pruning: Pruning) {
    layers = DeadUnits.remove(
      from: network.layers.enumerated().map { index, layer in
        KeptConnections(layer, mask: pruning.mask(ofLayer: index))
      })
    biasMasks = network.layers.indices.map { pruning.mask(ofLayer: $0, isBias: true) }
    output = network.output
    inputScaling = network.inputScaling
    origin = CompactModel.Origin(
      denseWeightCount: network.weightCount, denseBiasCount: network.biasCount,
      removedCount: pruning.removedCount, criterion: pruning.criterion.name)
  }

  /// The compact model that has given values.
  ///
  /// - Parameters:
  ///   - dense: Layers of the shapes that the structure was made from; what is removed of their values
  ///     is not read.
  ///   - deviations: The standard deviations of the same weights and biases, if the model is to hold them.
  /// - Returns: The model.
  func model(_ dense: [DenseLayer], deviations: [DenseDeviations]? = nil) -> CompactModel {
    var constants: [Float] = []
    var matrices: [SparseMatrix] = []
    for (index, layer) in dense.enumerated() {
      var biases = layer.biases
      if let mask = biasMasks[index] {
        for (unit, isKept) in mask.enumerated() where !isKept {
          biases[unit] = layer.biasesIfRemoved?[unit] ?? 0
        }
      }
      layers[index].foldInputShifts(of: layer, into: &biases)
      layers[index].fold(constants, weights: layer.weights, into: &biases)
      matrices.append(
        layers[index].matrix(
          weights: layer.weights, biases: biases, deviations: deviations?[index]))
      constants = biases.map { Float(layer.activation(Double($0))) }
    }
    return CompactModel(
      network: .multilayerPerceptron(
        [dense[0].inputCount] + matrices.map(\.rowCount), activations: dense.map(\.activation)),
      matrices: matrices, output: output, inputScaling: inputScaling, origin: origin)
  }
}
