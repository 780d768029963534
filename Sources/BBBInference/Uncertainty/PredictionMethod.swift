/// How the predictive distribution of a Bayesian network is computed.
public enum PredictionMethod: Equatable, Sendable {
  /// By the network of the posterior means, as if its weights were certain.
  case posteriorMean
  /// By the average of the class probabilities over networks drawn from the posterior.
  ///
  /// P̂(y | x) = 1/N Σ P(y | x, wⁿ), wⁿ ~ q (Blundell et al. 2015, section 3.2). The same seed gives the
  /// same networks.
  case monteCarlo(sampleCount: Int, seed: UInt64)
  /// By propagating means and variances through the layers once (see ``OutputMoments``), unless the network has a
  /// `momentObstacle`.
  case momentPropagation
}
