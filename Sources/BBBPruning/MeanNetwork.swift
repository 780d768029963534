import BBBInference
import BBBNetwork
import BBBPosterior

/// The dense network of posterior means, ready to be made compact at any sparsity.
public struct MeanNetwork: Sendable {
  let layers: [DenseLayer]
  /// How bytes become inputs.
  public let inputScaling: InputScaling
  /// What the outputs are.
  public let output: OutputMeaning

  /// The number of inputs of one example.
  public var inputCount: Int { layers[0].inputCount }
  /// The number of outputs, or classes.
  public var outputCount: Int { layers[layers.count - 1].outputCount }

  /// Reads the means of a posterior, batch normalisations folded into them, and runs it as its file or the
  /// user says, or by the posterior's ``BBBPosterior/Network/assumptions``.
  ///
  /// - Parameter posterior: A multilayer perceptron.
  /// - Throws: ``PruningError/notRunnable(path:reason:)`` if it is another kind of network, or nothing says what
  ///   its single output is, and
  ///   `PosteriorError` if a mean cannot be read or is not finite.
  public init(_ posterior: Posterior) throws {
    if let obstacle = posterior.network.obstacle {
      throw PruningError.notRunnable(path: posterior.path, reason: obstacle)
    }
    var layers: [DenseLayer] = []
    for (index, layer) in posterior.layers.enumerated() {
      guard case .fullyConnected(let inputCount, let outputCount, let layout) = layer.kind else {
        throw PruningError.notRunnable(
          path: posterior.path, reason: "layer \(layer.name) is not fully connected")
      }
      let folding = try NormalisationFolding(layer, path: posterior.path)
      let biases = try layer.bias?.means() ?? Array(repeating: 0, count: outputCount)
      layers.append(
        DenseLayer(
          inputCount: inputCount, outputCount: outputCount, layout: layout,
          weights: folding.weights(try layer.weight.means()), biases: folding.biases(biases),
          hasBias: layer.bias != nil || !folding.isEmpty,
          inputShifts: folding.inputShifts, biasesIfRemoved: folding.biasesIfRemoved,
          activation: index < posterior.layers.count - 1
            ? posterior.network.activationToRun : .none))
    }
    guard
      let output = posterior.network.outputToRun(outputCount: layers[layers.count - 1].outputCount)
    else {
      throw PruningError.notRunnable(
        path: posterior.path,
        reason: """
          it has one output, and nothing says what that is: the probability of one of two classes \
          (--output binary), or a number (--output numbers, or numbers:DEVIATION with its noise)
          """)
    }
    self.layers = layers
    self.output = output
    inputScaling = posterior.network.inputScalingToRun
  }

  /// The number of weights, without biases.
  var weightCount: Int { layers.reduce(0) { $0 + $1.weights.count } }
  /// The number of biases that the network has.
  var biasCount: Int { layers.reduce(0) { $0 + ($1.hasBias ? $1.biases.count : 0) } }

  /// The size of the unpruned network as dense 32-bit floats, in bytes.
  public var denseByteCount: Int { 4 * (weightCount + biasCount) }
}
