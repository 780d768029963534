import BBBInference
import BBBKernels
import BBBNetwork

extension DenseNetwork {
  /// The posterior of what a pruning leaves.
  ///
  /// - Parameter pruning: Made from the posterior that this network was read from.
  /// - Returns: What draws are made from.
  /// - Precondition: Standard deviations were read.
  public func pruned(by pruning: Pruning) -> PrunedPosterior {
    let live = LiveNetwork(self, pruning)
    return PrunedPosterior(
      network: self, live: live, model: live.model(matrices, keepsDeviations: true))
  }

  /// The network without what a pruning removes.
  ///
  /// Removed weights are absent, units without effect go (``LiveNetwork``), hidden units stand in the order that codes
  /// shortest, and the function is that of the dense network with zeros in place of the removed weights, up
  /// to the rounding of sums.
  ///
  /// - Parameters:
  ///   - pruning: Made from the posterior that this network's means come from.
  ///   - isInCodingOrder: Whether hidden units may be renumbered; else they are in the order of the dense network.
  /// - Returns: The compact model, without standard deviations.
  public func compacted(
    by pruning: Pruning, inCodingOrder isInCodingOrder: Bool = true
  ) -> CompactModel {
    let model = LiveNetwork(self, pruning).model(matrices)
    return isInCodingOrder ? model.inCodingOrder() : model
  }

  /// A draw of every weight, and of every bias that has a standard deviation.
  fileprivate func draw(_ number: Int, seed: UInt64) -> [DenseMatrix] {
    matrices.enumerated().map { index, matrix in
      guard let deviations = matrix.deviations else {
        preconditionFailure("draws need the standard deviations to have been read")
      }
      var drawn = matrix
      // Numbered as in the posterior, so that a draw does not depend on which network runs it.
      let tensor = 2 * posteriorParameters[index]
      drawn.weights = GaussianDraw.values(
        means: matrix.weights, deviations: deviations,
        key: NoiseStream.prediction(tensor: tensor).key(seed: seed, draw: number))
      if let biasDeviations = matrix.biasDeviations {
        drawn.biases = GaussianDraw.values(
          means: matrix.biases, deviations: biasDeviations,
          key: NoiseStream.prediction(tensor: tensor + 1).key(seed: seed, draw: number))
      }
      return drawn
    }
  }
}

/// The posterior of a pruned network: what is removed is exactly zero, the rest is Gaussian.
public struct PrunedPosterior: WeightDistribution {
  fileprivate let network: DenseNetwork
  fileprivate let live: LiveNetwork
  /// The network of the means: draws run as it does.
  fileprivate let model: CompactModel

  /// The number of inputs of one example.
  public var inputCount: Int { network.inputCount }
  /// The number of outputs.
  public var outputCount: Int { network.outputCount }
  /// What the outputs are.
  public var output: OutputMeaning { network.output }

  /// The network of the means that are left, with their standard deviations.
  ///
  /// - Returns: A model that a single pass of means and variances can be made through; dead units are
  ///   folded with the means of their biases.
  public func compacted() -> CompactModel { model }

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
    model.with(matrices: live.sparse(network.draw(number, seed: seed)))
  }
}
