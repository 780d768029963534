import BBBKernels
import BBBPosterior
import BBBPruning
import BBBTensors

/// Whether |μ|/σ of a posterior can tell which weights to keep.
///
/// It cannot where training has not decided σ, or has decided nothing; docs/command-line.md has the rules.
public struct PosteriorFitness: Equatable, Sendable {
  /// What speaks against it.
  public enum Finding: Equatable, Sendable {
    /// In these layers the weights that lead to a unit hold less signal than noise: Σ (μ/σ)² < 1.
    case collapsed(layers: [String])
    /// σ follows |μ|: their ratio is spread half as much as |μ| or less. The spreads of the largest layer.
    case proportional(meanSpread: Double, ratioSpread: Double)
    /// σ is the same for every weight.
    case sameDeviation(Double)
    /// σ is the same for every weight of a layer.
    case sameDeviationPerLayer
    /// σ differs little within layers: 80 % of it lies within so many decibels, in the largest layer.
    case flatDeviations(spread: Double)
    /// The middle half of |μ|/σ lies within so many decibels, in the largest layer.
    case flatRatios(spread: Double)
  }

  /// The layers whose weights are uncertain and not too few to be judged, in the order of the network.
  public let layers: [LayerFitness]
  /// What speaks against ranking by |μ|/σ; `nil` if nothing does, or if there are no ``layers``.
  public let finding: Finding?

  /// What is no difference between standard deviations, in decibels: single precision of ρ is finer.
  static let sameWithin = 0.1
  /// Up to what spread in decibels a quantity is flat.
  ///
  /// What bayesian-torch and BLiTZ start with, ρ normally distributed with
  /// a standard deviation of 0.1, is spread by 2.2 dB.
  static let flatWithin = 3.0
  /// The share of the weights in layers that must show something for it to be said of the network.
  private static let share = 0.9

  /// Looks at the weights of a posterior.
  ///
  /// - Parameters:
  ///   - posterior: Whose weights; biases are not looked at.
  ///   - threadCount: How many threads share the work; the result does not depend on it.
  /// - Throws: `PosteriorError` if a mean or standard deviation cannot be read or is not valid.
  public init(_ posterior: Posterior, threadCount: Int = 1) throws(PosteriorError) {
    let parameters = posterior.parameters
    let results = parallelMap(count: parameters.count, threadCount: threadCount) { index in
      Result { () throws(PosteriorError) in try LayerFitness(parameters[index]) }
    }
    var layers: [LayerFitness] = []
    for result in results {
      if let layer = try result.get() { layers.append(layer) }
    }
    self.layers = layers
    finding = Self.finding(in: layers)
  }

  private static func finding(in layers: [LayerFitness]) -> Finding? {
    guard let largest = layers.max(by: { $0.weightCount < $1.weightCount }) else { return nil }
    let total = Double(layers.reduce(0) { $0 + $1.weightCount })
    func mostShow(_ holds: (LayerFitness) -> Bool) -> Bool {
      Double(layers.filter(holds).reduce(0) { $0 + $1.weightCount }) >= share * total
    }
    let collapsed = layers.filter { $0.signalPerUnit < 1 }
    if !collapsed.isEmpty { return .collapsed(layers: collapsed.map(\.name)) }
    if mostShow({ $0.deviationRange <= sameWithin }) {
      let isOne = mostShow { layer in
        abs(BBBPruning.decibels(layer.medianDeviation / largest.medianDeviation) ?? 0) <= sameWithin
      }
      return isOne ? .sameDeviation(largest.medianDeviation) : .sameDeviationPerLayer
    }
    // Means of which a quarter are 0 have no spread in decibels, and tell nothing.
    if mostShow({ $0.meanSpread.isFinite && $0.ratioSpread <= $0.meanSpread / 2 }) {
      return .proportional(meanSpread: largest.meanSpread, ratioSpread: largest.ratioSpread)
    }
    if mostShow({ $0.deviationSpread <= flatWithin }) {
      return .flatDeviations(spread: largest.deviationSpread)
    }
    if mostShow({ $0.ratioSpread <= flatWithin }) {
      return .flatRatios(spread: largest.ratioSpread)
    }
    return nil
  }
}
