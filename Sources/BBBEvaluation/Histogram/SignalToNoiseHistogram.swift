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
    func count(of total: Int) -> Int { Ranking.removedCount(atSparsity: sparsity, of: total) }
  }

  let bins: HistogramBins
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
  public init(_ ranking: Ranking) {
    precondition(ranking.criterion == .signalToNoiseRatio)
    var (removed, zeros, infinite) = (0, 0, 0)
    for position in 0..<ranking.count {
      switch ranking.score(at: position) {
      case nil: removed += 1
      case 0: zeros += 1
      case .infinity: infinite += 1
      default: break
      }
    }
    let lowest = removed + zeros
    let bins = Self.bins(ranking, ranks: lowest..<ranking.count - infinite)
    var (below, above) = (0, infinite)
    var counts = [Int](repeating: 0, count: bins.count)
    for position in 0..<ranking.count {
      guard let score = ranking.score(at: position), let value = decibels(score) else { continue }
      switch bins.index(of: value) {
      case -1: below += 1
      case counts.count: above += 1
      case let index: counts[index] += 1
      }
    }
    self.bins = bins
    self.counts = counts
    belowCount = below
    aboveCount = above
    zeroCount = zeros
    removedCount = removed
    cutoffs = Self.cutoffSparsities.map {
      Cutoff(sparsity: $0, decibels: ranking.thresholdDecibels(atSparsity: $0))
    }
  }

  /// The bins for the weights of some ranks, whose ratios are neither 0 nor infinite.
  private static func bins(_ ranking: Ranking, ranks: Range<Int>) -> HistogramBins {
    guard !ranks.isEmpty else { return .none }
    func quantile(_ part: Double, _ rule: FloatingPointRoundingRule) -> Double? {
      let rank = Int((part * Double(ranks.count - 1)).rounded(rule))
      return ranking.decibels(atRank: ranks.lowerBound + rank)
    }
    guard let lowest = quantile(0.1, .down), let upperQuartile = quantile(0.75, .down),
      let highest = quantile(0.9999, .up)
    else { return .none }
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
