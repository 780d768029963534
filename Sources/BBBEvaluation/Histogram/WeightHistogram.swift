import BBBKernels
import BBBPosterior
import BBBTensors

/// How the weights of a posterior are distributed: their means, and the weights themselves.
///
/// Blundell et al. 2015, figure 3. The weights are those of networks drawn from the posterior; no draw
/// is needed, since their density is the average of all N(μ, σ²), integrated over each bin.
public struct WeightHistogram: Equatable, Sendable {
  /// What fraction of the weights lies where.
  public struct Series: Equatable, Encodable, Sendable {
    /// The fraction in each bin.
    public internal(set) var shares: [Double]
    /// The fraction below the first bin.
    public internal(set) var below: Double
    /// The fraction above the last bin.
    public internal(set) var above: Double
  }

  package let bins: HistogramBins
  /// The number of weights, those removed earlier included.
  public let weightCount: Int
  /// The number of weights that an earlier pruning removed; they are in no bin.
  public let removedCount: Int
  /// The posterior means.
  public let means: Series
  /// Weights drawn from the posterior.
  public let draws: Series

  /// The ends of the bins, one more than each series has; empty if no weight is left.
  ///
  /// Bin i holds edges[i] ≤ weight < edges[i + 1]; the middle one lies around 0.
  public var edges: [Double] { bins.edges }

  static let mostRows = 13
  /// The weights read at a time, which bounds the memory.
  private static let partCount = 1 << 16

  /// Counts the weights of a posterior, biases excepted.
  ///
  /// The bins reach as far as 99 % of the weights do with |μ| + 2σ, and on to the next round number.
  ///
  /// - Parameters:
  ///   - posterior: Whose weights.
  ///   - threadCount: How many threads share the work; the result does not depend on it.
  /// - Throws: `PosteriorError` if a mean or standard deviation cannot be read or is not valid.
  public init(_ posterior: Posterior, threadCount: Int = 1) throws(PosteriorError) {
    let parts = posterior.parameters.map(\.weight).flatMap { tensor in
      stride(from: 0, to: tensor.count, by: Self.partCount).map { start in
        WeightPart(tensor: tensor, range: start..<min(start + Self.partCount, tensor.count))
      }
    }
    let reach = try Self.reach(of: parts)
    let bins =
      reach.map { HistogramBins.around(zeroTo: $0, mostRows: Self.mostRows) } ?? .none
    let tallies = parallelMap(count: parts.count, threadCount: threadCount) { index in
      Result { () throws(PosteriorError) in
        var tally = WeightTally(bins: bins)
        try parts[index].read { mean, deviation in
          tally.add(mean: mean, standardDeviation: deviation)
        }
        return tally
      }
    }
    var total = WeightTally(bins: bins)
    // In the order of the parts, so that sums are rounded alike whatever the number of threads.
    for tally in tallies { total.add(try tally.get()) }
    self.bins = bins
    weightCount = parts.reduce(0) { $0 + $1.range.count }
    removedCount = weightCount - total.count
    means = Self.series(total.means.map(Double.init), of: weightCount)
    draws = Self.series(total.draws, of: weightCount)
  }

  private static func series(_ sums: [Double], of count: Int) -> Series {
    let shares = sums.map { $0 / Double(count) }
    return Series(
      shares: Array(shares.dropFirst().dropLast()), below: shares.first ?? 0,
      above: shares.count > 1 ? shares[shares.count - 1] : 0)
  }

  /// What 99 % of the weights do not exceed with |μ| + 2σ, to within 1/16; `nil` if no weight is left.
  private static func reach(of parts: [WeightPart]) throws(PosteriorError) -> Double? {
    // Positive numbers order like their bit patterns; the highest bits suffice.
    var histogram = [Int](repeating: 0, count: 1 << 16)
    var count = 0
    for part in parts {
      try part.read { mean, deviation in
        histogram[Int((mean.magnitude + 2 * deviation).bitPattern >> 48)] += 1
        count += 1
      }
    }
    guard count > 0 else { return nil }
    let wanted = Int((0.99 * Double(count)).rounded(.up))
    var sum = 0
    let index = histogram.firstIndex { number in
      sum += number
      return sum >= wanted
    }
    let reach = index.map { Double(bitPattern: UInt64($0 + 1) << 48) } ?? 1
    // Far enough from the ends of what numbers can express for widths and densities.
    return reach.isNaN ? 1e300 : min(max(reach, 1e-300), 1e300)
  }
}

/// Some weights of one tensor.
private struct WeightPart {
  let tensor: GaussianTensor
  let range: Range<Int>

  /// Hands over mean and standard deviation of each weight that was not removed earlier.
  func read(into body: (Double, Double) -> Void) throws(PosteriorError) {
    let means = try tensor.means(in: range)
    let deviations = try tensor.standardDeviations(in: range)
    let isPresent = try tensor.isPresent(in: range)
    for index in means.indices where isPresent?[index] != false {
      body(means[index], deviations[index])
    }
  }
}
