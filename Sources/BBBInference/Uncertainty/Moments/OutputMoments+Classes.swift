import BBBKernels
import CBBBLibc

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
    // Noise of either sign, so that its mean is exactly 0.
    let noise = (0..<Self.logitSampleCount / 2).flatMap { pair in
      let half = GaussianDraw.standardNormals(
        count: outputCount, key: NoiseStream.prediction(tensor: 0).key(seed: 0, draw: pair))
      return [half, half.map { -$0 }]
    }
    let deviations = variances.map { $0.squareRoot() }
    var probabilities = [Double](repeating: 0, count: outputCount)
    return stride(from: 0, to: means.count, by: outputCount).map { start in
      var averages = [Double](repeating: 0, count: outputCount)
      var entropy = 0.0
      for draw in noise {
        var largest = -Double.infinity
        for output in 0..<outputCount {
          let deviation = deviations[start + output]
          probabilities[output] = Double(means[start + output] + draw[output] * deviation)
          largest = max(largest, probabilities[output])
        }
        // With e = exp(z − max) and their sum S, H = log S − Σ e (z − max) / S.
        var (sum, weighted) = (0.0, 0.0)
        for output in 0..<outputCount {
          let difference = probabilities[output] - largest
          probabilities[output] = exp(difference)
          sum += probabilities[output]
          weighted += probabilities[output] * difference
        }
        entropy += log(sum) - weighted / sum
        for output in 0..<outputCount { averages[output] += probabilities[output] / sum }
      }
      let count = Double(noise.count)
      let total = averages.reduce(0) { $1 == 0 ? $0 : $0 - $1 / count * log($1 / count) }
      return max(0, total - entropy / count)
    }
  }
}
