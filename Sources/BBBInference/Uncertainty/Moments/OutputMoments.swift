/// The means and variances of a network's outputs over the posterior of its weights, for a batch.
///
/// They are propagated through the layers in one pass. For inputs of a layer with means m and variances
/// v, and weights with means μ and standard deviations σ, all taken as independent,
///
///     E[h] = Σ μ m + μ_b
///     Var[h] = Σ (μ² v + σ² (v + m²)) + σ_b²
///
/// and the rectifier's moments are those of a Gaussian with these. The first layer's inputs are certain,
/// v = 0, so that its moments are exact; behind it, units share inputs, which independence ignores.
///
/// Source: Haußmann, Hamprecht and Kandemir, *Sampling-free variational inference of Bayesian neural networks by
/// variance backpropagation*, UAI 2019, section 3; Wu et al., *Deterministic variational inference for
/// robust Bayesian neural networks*, ICLR 2019, for the rectifier.
public struct OutputMoments: Equatable, Sendable {
  /// The number of outputs of an example.
  public let outputCount: Int
  /// E[output], row-major: examples × outputs.
  public let means: [Float]
  /// Var[output], row-major: examples × outputs; noise of the data is not in it.
  public let variances: [Float]

  /// Puts moments together.
  ///
  /// - Parameters:
  ///   - outputCount: The number of outputs of an example, at least 1.
  ///   - means: Row-major: examples × outputs.
  ///   - variances: As many, not negative.
  /// - Precondition: The counts are these.
  public init(outputCount: Int, means: [Float], variances: [Float]) {
    require(
      outputCount > 0 && means.count.isMultiple(of: outputCount),
      "a mean for each output of each example")
    require(means.count == variances.count, "one variance for each mean")
    self.outputCount = outputCount
    self.means = means
    self.variances = variances
  }
}
