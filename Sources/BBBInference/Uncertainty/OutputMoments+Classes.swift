#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension OutputMoments {
  /// The class probabilities of a classifier whose logits have these moments.
  ///
  /// The probabilities are the softmax of the means, each shrunk by 1/√(1 + π v/8), v its variance: the
  /// probit approximation (MacKay, *The evidence framework applied to classification networks*, Neural
  /// Computation 4 (1992), equation 10, for each class). The mutual information is that of
  /// ``logitSampleCount`` Gaussian logits, the same noise for every example.
  public var classDistribution: PredictiveDistribution {
    let shrunk = zip(means, variances).map { mean, variance in
      mean / (1 + .pi / 8 * variance).squareRoot()
    }
    let logProbabilities = PredictiveDistribution.logProbabilities(
      ofLogits: shrunk, classCount: outputCount)
    let entropies = PredictiveDistribution.entropies(
      ofLogProbabilities: logProbabilities, classCount: outputCount)
    let disagreements = disagreements()
    return PredictiveDistribution(
      classCount: outputCount, logProbabilities: logProbabilities,
      aleatoricEntropies: zip(entropies, disagreements).map { $0 - min($0, $1) })
  }

  /// How many Gaussian logits are averaged over for the mutual information.
  public static let logitSampleCount = 64

  /// The mutual information of each example's class and its Gaussian logits, in nats.
  private func disagreements() -> [Double] {
    let exampleCount = means.count / outputCount
    var average = MonteCarloAverage(exampleCount: exampleCount, classCount: outputCount)
    let deviations = variances.map { $0.squareRoot() }
    for pair in 0..<Self.logitSampleCount / 2 {
      let noise = GaussianDraw.standardNormals(
        count: outputCount, key: GaussianDraw.key(seed: 0, tensor: 0, draw: pair))
      // Noise of either sign, so that its mean is exactly 0.
      for sign: Float in [1, -1] {
        let logits = means.indices.map {
          means[$0] + sign * noise[$0 % outputCount] * deviations[$0]
        }
        average.add(PredictiveDistribution(logits: logits, classCount: outputCount))
      }
    }
    return average.distribution.mutualInformations
  }
}
