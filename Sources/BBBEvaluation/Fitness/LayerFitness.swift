import BBBPosterior
import BBBPruning

/// How means and standard deviations of a layer's weights are spread, estimated from at most 65,536 of them.
///
/// Spreads are distances in decibels, 20 log₁₀ of |μ|, σ or |μ|/σ.
public struct LayerFitness: Equatable, Sendable {
  /// The layer's name.
  public let name: String
  /// The number of its weights.
  public let weightCount: Int
  /// The width of the middle half of |μ|; infinite if a quarter of the means is 0.
  public let meanSpread: Double
  /// The width of the middle half of |μ|/σ; infinite if a quarter of the means is 0.
  public let ratioSpread: Double
  /// The distance between the extremes of σ, of which the outermost thousandth on either side is left out.
  public let deviationRange: Double
  /// The width of the middle 80 % of σ, both of weights and of what they are worth.
  ///
  /// Where training left most weights at the prior, those that it did decide are few and have
  /// σ of their own. So the 80 % are taken twice, once of the weights and once of the sum of their (μ/σ)², and
  /// the width is that of both together.
  public let deviationSpread: Double
  /// The median of σ.
  public let medianDeviation: Double
  /// Σ (μ/σ)² over the weights that lead to a unit, averaged over the units.
  ///
  /// By Cauchy and Schwarz no input can raise a unit's mean further above the standard deviation that
  /// the weights give it than the root of this.
  public let signalPerUnit: Double

  /// The fewest weights whose quartiles say something.
  private static let fewestWeights = 64

  /// Measures the weights of a layer; `nil` if too few are left, or if they are certain.
  ///
  /// - Parameter layer: The layer.
  /// - Throws: `PosteriorError` if one of the weights cannot be read or is not valid.
  init?(_ layer: PosteriorParameter) throws(PosteriorError) {
    guard layer.weight.scale != nil else { return nil }
    let sample = try WeightSample(layer.weight)
    let weights = sample.weights
    guard weights.count >= Self.fewestWeights else { return nil }
    let byDeviation = weights.sorted { $0.deviation < $1.deviation }
    let deviations = byDeviation.map(\.deviation)
    let signals = byDeviation.map { $0.ratio * $0.ratio }
    let signal = signals.reduce(0, +)
    name = layer.name
    weightCount = layer.weight.count
    meanSpread = Self.middleHalf(weights.map(\.magnitude))
    ratioSpread = Self.middleHalf(weights.map(\.ratio))
    deviationRange = Self.decibels(
      from: Self.quantile(0.001, of: deviations), to: Self.quantile(0.999, of: deviations))
    var low = Self.quantile(0.1, of: deviations)
    var high = Self.quantile(0.9, of: deviations)
    if signal > 0, signal < .infinity {
      let worth = Self.deviations(deviations, atShares: [0.1, 0.9], of: signals, total: signal)
      low = min(low, worth[0])
      high = max(high, worth[1])
    }
    deviationSpread = Self.decibels(from: low, to: high)
    medianDeviation = Self.quantile(0.5, of: deviations)
    let inputsPerUnit = Double(layer.weight.count) / Double(layer.weights.rows)
    signalPerUnit = signal / Double(sample.count) * inputsPerUnit
  }

  private static func quantile(_ part: Double, of sorted: [Double]) -> Double {
    sorted[Int((part * Double(sorted.count - 1)).rounded())]
  }

  /// The width of the middle half of positive numbers.
  private static func middleHalf(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return decibels(from: quantile(0.25, of: sorted), to: quantile(0.75, of: sorted))
  }

  private static func decibels(from low: Double, to high: Double) -> Double {
    low > 0 ? BBBPruning.decibels(high / low) ?? 0 : .infinity
  }

  /// The deviations at which a sum, taken in their order, reaches shares of its total.
  private static func deviations(
    _ deviations: [Double], atShares shares: [Double], of signals: [Double], total: Double
  ) -> [Double] {
    var sum = 0.0
    var places = shares.map { _ in deviations.count - 1 }
    for (index, signal) in signals.enumerated() {
      for (number, share) in shares.enumerated()
      where sum < share * total && sum + signal >= share * total {
        places[number] = index
      }
      sum += signal
    }
    return places.map { deviations[$0] }
  }
}
