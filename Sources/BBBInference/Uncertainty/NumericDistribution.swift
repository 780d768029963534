import BBBNetwork
import CBBBLibc

/// What a network that predicts numbers says of each of a batch of examples, and how sure it is.
///
/// A target is taken as normal, N(m, w² + n²). By the law of total variance over the posterior of the weights, m is
/// E[μ(x, w)], w² is Var[μ(x, w)], what the networks disagree on and more data would take away, and n² is
/// E[n²(x, w)], the variance of the noise that every single network sees in the data. Of Monte Carlo, the networks
/// are those drawn: their mixture is replaced by the normal distribution of the same mean and variance.
///
/// Source: Lakshminarayanan, Pritzel and Blundell, *Simple and scalable predictive uncertainty estimation using
/// deep ensembles*, NIPS 2017, section 2.4.
public struct NumericDistribution: Equatable, Sendable {
  /// The number of targets of an example; at least 1.
  public let targetCount: Int
  /// m of each target, row-major: examples × targets; NaN where a network overflows.
  public let means: [Double]
  /// w of each target, in the same order; `nil` if the weights are taken as certain.
  public let weightDeviations: [Double]?
  /// n of each target, in the same order; `nil` if the noise is not known.
  public let noiseDeviations: [Double]?

  /// The 0.975 quantile of the standard normal distribution: so many standard deviations to either side hold 95 %.
  public static let intervalQuantile = 1.959963984540054

  /// Puts a distribution together.
  ///
  /// - Parameters:
  ///   - targetCount: The number of targets of an example, at least 1.
  ///   - means: Row-major: examples × targets.
  ///   - weightDeviations: As many, not negative; `nil` if the weights are taken as certain.
  ///   - noiseDeviations: As many, not negative; `nil` if the noise is not known.
  /// - Precondition: The counts are these.
  public init(
    targetCount: Int, means: [Double], weightDeviations: [Double]? = nil,
    noiseDeviations: [Double]? = nil
  ) {
    require(targetCount > 0, "a network predicts at least one number")
    require(
      means.count.isMultiple(of: targetCount), "\(means.count) means of \(targetCount) targets")
    require(
      (weightDeviations?.count ?? means.count, noiseDeviations?.count ?? means.count)
        == (means.count, means.count), "one standard deviation for each mean")
    self.targetCount = targetCount
    self.means = means
    self.weightDeviations = weightDeviations
    self.noiseDeviations = noiseDeviations
  }

  /// The number of examples.
  public var exampleCount: Int { means.count / targetCount }

  /// √(w² + n²) of each target, row-major: examples × targets; `nil` if the noise is not known.
  public var deviations: [Double]? {
    guard let weightDeviations, let noiseDeviations else { return noiseDeviations }
    return zip(weightDeviations, noiseDeviations).map { ($0 * $0 + $1 * $1).squareRoot() }
  }

  /// The lower ends of the intervals that hold 95 % of the targets; `nil` if the noise is not known.
  public var lowerEnds: [Double]? {
    deviations.map { zip(means, $0).map { $0 - Self.intervalQuantile * $1 } }
  }

  /// The upper ends of the intervals that hold 95 % of the targets; `nil` if the noise is not known.
  public var upperEnds: [Double]? {
    deviations.map { zip(means, $0).map { $0 + Self.intervalQuantile * $1 } }
  }

  /// The logarithm of each target's probability density, in nats, row-major: examples × targets.
  ///
  /// - Parameter targets: What was to be predicted, row-major: examples × targets.
  /// - Returns: −½ ((y − m)/s)² − log s − ½ log 2π, s the ``deviations``; `nil` if the noise is not known.
  /// - Throws: `CompactModelError.Code.mismatched` if there are not as many targets as ``means``.
  public func logDensities(of targets: [Float]) throws(CompactModelError) -> [Double]? {
    guard targets.count == means.count else {
      throw CompactModelError(
        .mismatched,
        "there are \(targets.count) targets and predictions of \(means.count); give those of the same "
          + "examples")
    }
    let halfLogTurn = log(2 * Double.pi) / 2
    return deviations.map { deviations in
      means.indices.map { index in
        let standardised = (Double(targets[index]) - means[index]) / deviations[index]
        return -standardised * standardised / 2 - log(deviations[index]) - halfLogTurn
      }
    }
  }

  /// The differential entropy of each example's targets, in nats: Σ ½ log(2πe (w² + n²)) over the targets; `nil` if
  /// the noise is not known.
  public var predictiveEntropies: [Double]? { deviations.map(entropies) }

  /// The part of it that every single network sees in the data, Σ ½ log(2πe n²); `nil` if the noise is not known.
  public var aleatoricEntropies: [Double]? { noiseDeviations.map(entropies) }

  private func entropies(_ deviations: [Double]) -> [Double] {
    let halfLog = (log(2 * Double.pi) + 1) / 2
    return sums(deviations.map { halfLog + log($0) })
  }

  /// The sum over the targets of each example.
  private func sums(_ values: [Double]) -> [Double] {
    stride(from: 0, to: values.count, by: targetCount).map { start in
      values[start..<start + targetCount].reduce(0, +)
    }
  }
}

extension NumericDistribution {
  /// The distribution that a network with certain weights predicts.
  ///
  /// - Parameters:
  ///   - outputs: The network's outputs, row-major: examples × outputs.
  ///   - outputCount: The number of outputs of an example.
  ///   - noise: The noise's standard deviation, the same for all; `nil` if it is not known.
  init(outputs: [Float], outputCount: Int, noise: Double?) {
    self.init(
      targetCount: outputCount, means: outputs.map(Double.init),
      noiseDeviations: noise.map { Array(repeating: $0, count: outputs.count) })
  }

  /// The distribution that a network with certain weights predicts, the noise too.
  ///
  /// - Parameters:
  ///   - outputs: Row-major: the means of an example's targets, then the logarithms of their variances.
  ///   - outputCount: The number of outputs of an example, even.
  init(meansAndLogVariances outputs: [Float], outputCount: Int) {
    let (means, logVariances) = Self.halves(outputs, width: outputCount)
    self.init(
      targetCount: outputCount / 2, means: means.map(Double.init),
      noiseDeviations: logVariances.map { exp(Double($0) / 2) })
  }

  /// Parts rows into their first and second halves.
  static func halves(_ values: [Float], width: Int) -> (first: [Float], second: [Float]) {
    var (first, second): ([Float], [Float]) = ([], [])
    for start in stride(from: 0, to: values.count, by: width) {
      first += values[start..<start + width / 2]
      second += values[start + width / 2..<start + width]
    }
    return (first, second)
  }
}
