import BBBPosterior
import BBBPruning

/// The gap between the weights that the data decided and those that it did not, where there is one.
///
/// It is the histogram's ``SignalToNoiseHistogram/valley``, in its middle, rather than the largest distance
/// between neighbouring ratios: among millions of weights the latter lies wherever the few outermost
/// ones happen to be far apart.
public struct SignalToNoiseGap: Equatable, Sendable {
  /// The valley.
  public let valley: SignalToNoiseHistogram.Valley
  /// The middle of the valley, in decibels.
  public let decibels: Double
  /// The number of weights ranked.
  public let weightCount: Int
  /// The number of weights whose ratio lies below the middle, and of those that an earlier pruning removed.
  public let removedCount: Int

  /// The fraction of the weights that lies below.
  public var sparsity: Double { Double(removedCount) / Double(weightCount) }

  /// Finds the gap; there is none if the ratios have one peak only.
  ///
  /// - Parameter ranking: Weights, ranked by their signal-to-noise ratio.
  /// - Throws: `PosteriorError` if a mean or standard deviation cannot be read or is not valid.
  public init?(_ ranking: Ranking) throws(PosteriorError) {
    guard let valley = try SignalToNoiseHistogram(ranking).valley else { return nil }
    let middle = (valley.range.lowerBound + valley.range.upperBound) / 2
    self.valley = valley
    decibels = middle
    weightCount = ranking.count
    removedCount = try ranking.reduceScores(
      0,
      { count, score in
        // The decibels of 0 and of a removed weight are below all.
        guard let score, score > 0 else {
          count += 1
          return
        }
        if let value = BBBPruning.decibels(score), value < middle { count += 1 }
      }, { $0 += $1 })
  }
}
