import BBBDatasets
import BBBInference

/// How well a network predicts numbers.
public struct NumericResult: Equatable, Sendable {
  /// The squared difference of each example's predicted mean and target, the mean over the targets.
  ///
  /// NaN where a network overflows.
  public let squaredErrors: [Double]
  /// √ of the mean squared difference of means and targets.
  public let rootMeanSquaredError: Double
  /// The same of each target alone.
  public let rootMeanSquaredErrors: [Double]
  /// The standard deviation of the targets, √ of the mean over the targets of their variances: the error of the
  /// best constants.
  public let targetDeviation: Double
  /// −log p(target) of each example, in nats, the mean over the targets; `nil` if the noise is not known.
  public let negativeLogLikelihoods: [Double]?
  /// How many targets lie in the intervals that are to hold 95 % of them; `nil` if the noise is not known.
  public let coveredCount: Int?
  /// The mean width of these intervals; `nil` if the noise is not known.
  public let meanIntervalWidth: Double?
  /// The number of targets of an example.
  public let targetCount: Int

  /// The number of examples.
  public var count: Int { squaredErrors.count }

  /// The 95 % confidence interval of ``rootMeanSquaredError``: the roots of that of the mean squared error, which is
  /// taken as normal; 0...∞ for a single example.
  public var rootMeanSquaredErrorInterval: (low: Double, high: Double) {
    guard count > 1 else { return (0, .infinity) }
    let mean = squaredErrors.reduce(0, +) / Double(count)
    let variance =
      squaredErrors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
    let width = PairedDifference.quantile * (variance / Double(count)).squareRoot()
    return (max(0, mean - width).squareRoot(), (mean + width).squareRoot())
  }

  /// The mean of −log p(target), in nats for each target; `nil` if the noise is not known.
  public var negativeLogLikelihood: Double? {
    negativeLogLikelihoods.map { $0.reduce(0, +) / Double(count) }
  }

  /// The fraction of targets in the intervals that are to hold 95 % of them, 0…1; `nil` if the noise is not known.
  public var coverage: Double? { coveredCount.map { Double($0) / Double(count * targetCount) } }

  /// The 95 % confidence interval of ``coverage``, all targets taken as independent.
  public var coverageInterval: WilsonInterval? {
    // The interval of a fraction is the same whatever the fraction is of.
    coveredCount.map { WilsonInterval(errors: $0, count: count * targetCount) }
  }

  /// Compares predictive distributions with the targets.
  ///
  /// - Parameters:
  ///   - distribution: What the network predicts.
  ///   - targets: What it should predict, row-major: examples × targets.
  /// - Throws: `DatasetError.Code.mismatched` if there are not as many targets as predictions.
  public init(_ distribution: NumericDistribution, targets: [Float]) throws(DatasetError) {
    let width = distribution.targetCount
    let logDensities: [Double]?
    do {
      logDensities = try distribution.logDensities(of: targets)
    } catch {
      throw DatasetError(.mismatched, path: "", error.message)
    }
    let count = distribution.exampleCount
    func means(_ values: [Double]) -> [Double] {
      stride(from: 0, to: values.count, by: width).map { start in
        values[start..<start + width].reduce(0, +) / Double(width)
      }
    }
    let squares = zip(distribution.means, targets).map { mean, target in
      (mean - Double(target)) * (mean - Double(target))
    }
    targetCount = width
    squaredErrors = means(squares)
    rootMeanSquaredError = (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    rootMeanSquaredErrors = (0..<width).map { target in
      let own = stride(from: target, to: squares.count, by: width).reduce(0) { $0 + squares[$1] }
      return (own / Double(count)).squareRoot()
    }
    targetDeviation = Self.deviation(of: targets, width: width)
    negativeLogLikelihoods = logDensities.map { means($0.map { -$0 }) }
    if let low = distribution.lowerEnds, let high = distribution.upperEnds {
      coveredCount = targets.indices.count {
        low[$0] <= Double(targets[$0]) && Double(targets[$0]) <= high[$0]
      }
      meanIntervalWidth = zip(low, high).reduce(0) { $0 + $1.1 - $1.0 } / Double(low.count)
    } else {
      (coveredCount, meanIntervalWidth) = (nil, nil)
    }
  }

  private static func deviation(of targets: [Float], width: Int) -> Double {
    let count = Double(targets.count / width)
    let variances = (0..<width).map { target in
      let own = stride(from: target, to: targets.count, by: width).map { Double(targets[$0]) }
      let mean = own.reduce(0, +) / count
      return own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    }
    return (variances.reduce(0, +) / Double(width)).squareRoot()
  }
}
