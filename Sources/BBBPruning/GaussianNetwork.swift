import BBBInference
import BBBKernels
import BBBNetwork
import BBBPosterior

/// The dense network of posterior means and standard deviations, ready to be drawn from at any
/// sparsity.
public struct GaussianNetwork: Sendable {
  /// The network of the means.
  public let means: MeanNetwork
  let deviations: [DenseDeviations]

  /// Reads the means and standard deviations of a posterior.
  ///
  /// - Parameter posterior: A multilayer perceptron.
  /// - Throws: ``PruningError/notRunnable(path:reason:)`` if it is another kind of network, and
  ///   `PosteriorError` if a mean or a standard deviation cannot be read or is not valid.
  public init(_ posterior: Posterior) throws {
    means = try MeanNetwork(posterior)
    deviations = try posterior.layers.map { layer in
      let bias = layer.bias?.scale == nil ? nil : layer.bias
      let folding = try NormalisationFolding(layer, path: posterior.path)
      return DenseDeviations(
        weights: folding.deviations(try layer.weight.standardDeviations()),
        biases: try bias.map { folding.biasDeviations(try $0.standardDeviations()) })
    }
  }

  /// The posterior of what a pruning leaves.
  ///
  /// - Parameter pruning: Made from the posterior that this network was read from.
  /// - Returns: What draws are made from.
  public func pruned(by pruning: Pruning) -> PrunedPosterior {
    PrunedPosterior(network: self, structure: PrunedStructure(means, pruning))
  }

  /// A draw of every weight, and of every bias that has a standard deviation.
  fileprivate func draw(_ number: Int, seed: UInt64) -> [DenseLayer] {
    zip(means.layers, deviations).enumerated().map { index, layer in
      var (drawn, deviations) = layer
      drawn.weights = GaussianDraw.values(
        means: drawn.weights, deviations: deviations.weights,
        key: NoiseStream.prediction(tensor: 2 * index).key(seed: seed, draw: number))
      if let biasDeviations = deviations.biases {
        drawn.biases = GaussianDraw.values(
          means: drawn.biases, deviations: biasDeviations,
          key: NoiseStream.prediction(tensor: 2 * index + 1).key(seed: seed, draw: number))
      }
      return drawn
    }
  }
}

/// The posterior of a pruned network: what is removed is exactly zero, the rest is Gaussian.
public struct PrunedPosterior: WeightDistribution {
  fileprivate let network: GaussianNetwork
  fileprivate let structure: PrunedStructure

  /// The number of inputs of one example.
  public var inputCount: Int { network.means.inputCount }
  /// The number of outputs.
  public var outputCount: Int { network.means.outputCount }
  /// What the outputs are.
  public var output: OutputMeaning { network.means.output }

  /// The network of the means that are left, with their standard deviations.
  ///
  /// - Returns: A model that a single pass of means and variances can be made through; dead units are
  ///   folded with the means of their biases.
  public func compacted() -> CompactModel {
    structure.model(network.means.layers, deviations: network.deviations)
  }

  /// Draws a network: w = μ + σ ε for every weight and bias that is left.
  ///
  /// Biases without a standard deviation are what they are. The noise ε of a weight depends on the
  /// seed, the draw's number and the weight's place in the dense network only, so that networks pruned
  /// differently share the noise of the weights that they share.
  ///
  /// - Parameters:
  ///   - number: Which draw, from 0 on.
  ///   - seed: Other seeds give independent draws.
  /// - Returns: The network as it runs; dead units are folded with their drawn biases.
  public func draw(_ number: Int, seed: UInt64) -> CompactModel {
    structure.model(network.draw(number, seed: seed))
  }
}
