import BBBPosterior
import BBBTensors

/// Means and standard deviations of the weights of a tensor: of all, if they are few, else of some.
struct WeightSample {
  /// A weight that is left.
  struct Weight {
    /// |μ|.
    let magnitude: Double
    /// σ, positive.
    let deviation: Double

    /// |μ|/σ.
    var ratio: Double { magnitude / deviation }
  }

  /// The weights that were not removed earlier.
  let weights: [Weight]
  /// The number of weights that were looked at, those removed earlier included.
  let count: Int

  private static let runCount = 1 << 7
  private static let runLength = 1 << 9

  /// Looks at weights.
  ///
  /// - Parameter tensor: Their tensor, which has standard deviations.
  /// - Throws: `PosteriorError` if one of them cannot be read or is not valid.
  init(_ tensor: GaussianTensor) throws(PosteriorError) {
    let runs = SampleRuns.of(
      elementCount: tensor.count, count: Self.runCount, length: Self.runLength)
    var weights: [Weight] = []
    for run in runs {
      let means = try tensor.means(in: run)
      let deviations = try tensor.standardDeviations(in: run)
      for (mean, deviation) in zip(means, deviations) where deviation > 0 {
        weights.append(Weight(magnitude: mean.magnitude, deviation: deviation))
      }
    }
    self.weights = weights
    count = runs.reduce(0) { $0 + $1.count }
  }
}
