import BBBPosterior
import BBBPruning

/// How the signal-to-noise ratios of weights are distributed, in decibels: 20 log₁₀(|μ|/σ).
///
/// Blundell et al. 2015, figure 4 (density and cumulative distribution of the ratio over all weights,
/// with the place where 75 % are removed). The paper does not say how it counts decibels; here they
/// are those of a ratio of amplitudes.
public struct SignalToNoiseHistogram: Equatable, Sendable {
  /// Where a sparsity cuts.
  public struct Cutoff: Equatable, Sendable {
    /// The fraction of the weights that goes.
    public let sparsity: Double
    /// The largest ratio that goes, in decibels; `nil` if it is 0 (−∞ dB), or of a weight removed
    /// earlier.
    public let decibels: Double?

    /// The number of weights that go.
    package func count(of total: Int) -> Int {
      Ranking.removedCount(atSparsity: sparsity, of: total)
    }
  }

  package let bins: HistogramBins
  /// The number of weights in each bin; see ``edges``.
  public let counts: [Int]
  /// The number of weights whose ratio lies below the first bin, but is not 0.
  public let belowCount: Int
  /// The number of weights whose ratio lies above the last bin.
  public let aboveCount: Int
  /// The number of weights whose ratio is 0, which is −∞ dB.
  public let zeroCount: Int
  /// The number of weights that an earlier pruning removed.
  public let removedCount: Int
  /// Where sparsities of 75 % and 95 % cut.
  public let cutoffs: [Cutoff]

  private static let cutoffSparsities = [0.75, 0.95]
  static let mostRows = 15

  /// Counts weights by their ratio.
  ///
  /// Of the ratios above 0, the bins leave out the lowest 10 % and the highest 0.01 %, and what lies more
  /// than 60 dB away from the upper quartile; their ends are rounded outwards. (Ratios near
  /// 0 are many decibels apart, and no less weak for it: weights of inputs that are always 0 can decay to
  /// -700 dB.)
  ///
  /// - Parameter ranking: Weights, ranked by their signal-to-noise ratio.
  /// - Throws: `PosteriorError` if the ranking is by another criterion, or a mean or standard deviation cannot be read
  ///   or is not valid.
  public init(_ ranking: Ranking) throws(PosteriorError) {
    guard ranking.criterion == .signalToNoiseRatio else {
      throw PosteriorError(
        .invalidOption, path: "",
        "the histogram is of signal-to-noise ratios, and the ranking is by '\(ranking.criterion.name)'; "
          + "rank by .signalToNoiseRatio")
    }
    let extremes = try ranking.reduceScores(Extremes(), { $0.add($1) }, { $0.add($1) })
    let lowest = extremes.removed + extremes.zeros
    let bins = try Self.bins(ranking, ranks: lowest..<ranking.count - extremes.infinite)
    // Below, in and above the bins.
    let counts = try ranking.reduceScores(
      [Int](repeating: 0, count: bins.count + 2),
      { counts, score in
        guard let score, let value = decibels(score) else { return }
        counts[bins.index(of: value) + 1] += 1
      },
      { counts, others in
        for (bin, count) in others.enumerated() { counts[bin] += count }
      })
    self.bins = bins
    self.counts = Array(counts.dropFirst().dropLast())
    belowCount = counts[0]
    aboveCount = counts[bins.count + 1] + extremes.infinite
    zeroCount = extremes.zeros
    removedCount = extremes.removed
    cutoffs = zip(
      Self.cutoffSparsities, try ranking.thresholdDecibels(atSparsities: Self.cutoffSparsities)
    ).map { Cutoff(sparsity: $0, decibels: $1) }
  }

  /// How many weights have no place among the bins.
  private struct Extremes {
    var removed = 0
    var zeros = 0
    var infinite = 0

    mutating func add(_ score: Double?) {
      switch score {
      case nil: removed += 1
      case 0: zeros += 1
      case .infinity: infinite += 1
      default: break
      }
    }

    mutating func add(_ others: Extremes) {
      removed += others.removed
      zeros += others.zeros
      infinite += others.infinite
    }
  }

  /// The bins for the weights of some ranks, whose ratios are neither 0 nor infinite.
  private static func bins(
    _ ranking: Ranking, ranks: Range<Int>
  ) throws(PosteriorError) -> HistogramBins {
    guard !ranks.isEmpty else { return .none }
    func rank(_ part: Double, _ rule: FloatingPointRoundingRule) -> Int {
      ranks.lowerBound + Int((part * Double(ranks.count - 1)).rounded(rule))
    }
    let values = try ranking.decibels(
      atRanks: [rank(0.1, .down), rank(0.75, .down), rank(0.9999, .up)])
    guard let lowest = values[0], let upperQuartile = values[1], let highest = values[2] else {
      return .none
    }
    return .covering(
      max(lowest, upperQuartile - 60)...min(highest, upperQuartile + 60), smallestStep: 1,
      mostRows: mostRows)
  }

  /// The ends of the bins in decibels, one more than ``counts``; empty if no ratio is above 0.
  ///
  /// Bin i holds edges[i] ≤ ratio < edges[i + 1].
  public var edges: [Double] { bins.edges }
  /// The number of weights, those removed earlier included.
  public var weightCount: Int {
    removedCount + zeroCount + belowCount + counts.reduce(0, +) + aboveCount
  }
  /// The fraction of the weights in each bin, divided by its width in decibels.
  public var densities: [Double] {
    counts.map { Double($0) / Double(weightCount) / bins.width }
  }
  /// The fraction of the weights whose ratio is less than each of ``edges``: how sparse the network
  /// gets if all those are removed.
  public var cumulativeShares: [Double] {
    let total = Double(weightCount)
    var sum = removedCount + zeroCount + belowCount
    let first = Double(sum) / total
    return edges.isEmpty
      ? []
      : [first]
        + counts.map { count in
          sum += count
          return Double(sum) / total
        }
  }
}
