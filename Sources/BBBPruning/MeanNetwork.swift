import BBBInference
import BBBPosterior

/// The dense network of posterior means, ready to be made compact at any sparsity.
public struct MeanNetwork: Sendable {
  let layers: [DenseLayer]
  /// The factor for byte inputs.
  public let inputScale: Double

  /// The factor for byte inputs where a checkpoint says nothing: pixels 0…255 become 0…1.
  public static let defaultInputScale = 1.0 / 255

  /// The number of inputs of one example.
  public var inputCount: Int { layers[0].inputCount }
  /// The number of outputs, or classes.
  public var outputCount: Int { layers[layers.count - 1].outputCount }

  /// Reads the means of a posterior.
  ///
  /// - Parameter posterior: A multilayer perceptron.
  /// - Throws: ``PruningError/notRunnable(path:reason:)`` if it is another kind of network, and
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
      layers.append(
        DenseLayer(
          inputCount: inputCount, outputCount: outputCount, layout: layout,
          weights: try layer.weight.means().map(Float.init),
          biases: try layer.bias?.means().map(Float.init)
            ?? Array(repeating: 0, count: outputCount),
          hasBias: layer.bias != nil,
          activation: index < posterior.layers.count - 1 ? .rectifiedLinear : .none))
    }
    self.layers = layers
    inputScale = posterior.network.inputScale ?? Self.defaultInputScale
  }

  /// The number of weights, without biases.
  var weightCount: Int { layers.reduce(0) { $0 + $1.weights.count } }
  /// The number of biases that the network has.
  var biasCount: Int { layers.reduce(0) { $0 + ($1.hasBias ? $1.biases.count : 0) } }

  /// The size of the unpruned network as dense 32-bit floats, in bytes.
  public var denseByteCount: Int { 4 * (weightCount + biasCount) }
}
