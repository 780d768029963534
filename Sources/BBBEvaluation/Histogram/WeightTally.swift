/// Sums over weights, for each bin of a histogram and for what lies below and above.
struct WeightTally: Sendable {
  private let bins: HistogramBins
  /// The number of weights.
  private(set) var count = 0
  /// The number of means below all edges, between any two, and above all.
  private(set) var means: [Int]
  /// The expected number of drawn weights in the same places.
  private(set) var draws: [Double]

  init(bins: HistogramBins) {
    self.bins = bins
    means = Array(repeating: 0, count: bins.edges.count + 1)
    draws = Array(repeating: 0, count: bins.edges.count + 1)
  }

  /// Adds the weight N(μ, σ²), or one that is μ for certain if σ is 0.
  mutating func add(mean: Double, standardDeviation: Double) {
    count += 1
    let index = bins.index(of: mean) + 1
    means[index] += 1
    guard standardDeviation > 0 else {
      draws[index] += 1
      return
    }
    let distribution = NormalDistribution.standard
    let reach = NormalDistribution.reach * standardDeviation
    let edges = bins.edges
    // Edges so far from the mean that nothing lies beyond them are passed over.
    var place = 0
    if let first = edges.first, mean - reach > first {
      place = Int(min((mean - reach - first) / bins.width, Double(edges.count)))
    }
    var below = 0.0
    while place < edges.count, edges[place] < mean + reach {
      let cumulative = distribution.cumulative((edges[place] - mean) / standardDeviation)
      draws[place] += cumulative - below
      below = cumulative
      place += 1
    }
    draws[place] += 1 - below
  }

  /// Adds what another tally of the same bins counted.
  mutating func add(_ other: WeightTally) {
    count += other.count
    for index in means.indices {
      means[index] += other.means[index]
      draws[index] += other.draws[index]
    }
  }
}
