extension SignalToNoiseHistogram {
  /// Two peaks, and the least between them.
  public struct Valley: Equatable, Sendable {
    /// The middles of the fullest bins on either side, in decibels.
    public let peaks: [Double]
    /// From where to where the bins between are least filled, in decibels.
    public let range: ClosedRange<Double>
    /// The number of weights in each of these bins.
    public let count: Int
  }

  /// The middle of the fullest bin, in decibels; `nil` if there are no bins.
  public var mode: Double? {
    counts.indices.max { counts[$0] < counts[$1] }.map(middle)
  }

  /// What divides the weights into groups; `nil` if there is one peak only.
  ///
  /// Of several valleys it is the deepest: the bin that is emptiest compared with the lower of the peaks on its sides. It must hold at most
  /// three quarters of what that peak does, and less by five standard deviations of counts (Poisson),
  /// lest chance be taken for a valley.
  public var valley: Valley? {
    var best: (index: Int, left: Int, right: Int)?
    var bestRatio = 0.75
    for index in counts.indices {
      guard let left = counts.indices.prefix(index).max(by: { counts[$0] < counts[$1] }),
        let right = counts.indices.dropFirst(index + 1).max(by: { counts[$0] < counts[$1] })
      else { continue }
      let peak = Double(min(counts[left], counts[right]))
      let count = Double(counts[index])
      guard peak - count > 5 * (peak + count).squareRoot(), count / peak < bestRatio else {
        continue
      }
      bestRatio = count / peak
      best = (index, left, right)
    }
    guard let best else { return nil }
    let count = counts[best.index]
    // Ratios fall to 0 at the first of several empty bins; they belong together.
    let end = counts[best.index...].prefix { $0 == count }.endIndex
    return Valley(
      peaks: [middle(best.left), middle(best.right)],
      range: edges[best.index]...edges[end], count: count)
  }

  private func middle(_ index: Int) -> Double { (edges[index] + edges[index + 1]) / 2 }
}
