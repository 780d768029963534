/// The expected calibration error: how far confidence and accuracy lie apart, on average.
///
/// The confidence is the probability of the predicted class. Predictions are put into 15 bins of
/// confidence, ((m − 1)/15, m/15], and
///
///     ECE = Σₘ |Bₘ|/n · |acc(Bₘ) − conf(Bₘ)|
///
/// with the fraction of right predictions and the mean confidence in each bin. Source: Guo, Pleiss, Sun
/// and Weinberger, *On calibration of modern neural networks*, ICML 2017, equation 3.
public struct CalibrationError: Sendable {
  /// The number of bins.
  public static let binCount = 15

  private static let upperEdges = (1...binCount).map { Double($0) / Double(binCount) }
  private var counts = [Int](repeating: 0, count: binCount)
  private var correctCounts = [Int](repeating: 0, count: binCount)
  private var confidenceSums = [Double](repeating: 0, count: binCount)

  /// Starts with no predictions.
  public init() {}

  /// Adds one prediction.
  ///
  /// - Parameters:
  ///   - confidence: The probability of the predicted class; anything but a number in 0...1 makes
  ///     the error NaN.
  ///   - isCorrect: Whether the prediction is right.
  public mutating func add(confidence: Double, isCorrect: Bool) {
    let bin = Self.upperEdges.firstIndex { confidence <= $0 } ?? 0
    counts[bin] += 1
    correctCounts[bin] += isCorrect ? 1 : 0
    confidenceSums[bin] += 0...1 ~= confidence ? confidence : .nan
  }

  /// The error, in 0...1; 0 if there are no predictions.
  public var value: Double {
    let total = counts.reduce(0, +)
    guard total > 0 else { return 0 }
    return zip(correctCounts, confidenceSums).reduce(0) { $0 + abs(Double($1.0) - $1.1) }
      / Double(total)
  }
}
