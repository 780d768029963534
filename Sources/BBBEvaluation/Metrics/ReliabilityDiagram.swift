/// How far confidence and accuracy lie apart.
///
/// The confidence is the probability of the predicted class. Predictions are put into 15 bins of
/// confidence, ((m − 1)/15, m/15].
///
/// Source: Guo, Pleiss, Sun and Weinberger, *On calibration of modern neural networks*, ICML 2017,
/// section 2.
public struct ReliabilityDiagram: Equatable, Sendable {
  /// The number of bins.
  public static let binCount = 15

  /// The predictions of about the same confidence.
  public struct Bin: Equatable, Sendable {
    /// The number of predictions.
    public fileprivate(set) var count = 0
    fileprivate var correctCount = 0
    fileprivate var confidenceSum = 0.0

    /// The fraction of right predictions; NaN in an empty bin.
    public var accuracy: Double { Double(correctCount) / Double(count) }
    /// The mean confidence; NaN in an empty bin.
    public var confidence: Double { confidenceSum / Double(count) }
  }

  private static let upperEdges = (1...binCount).map { Double($0) / Double(binCount) }

  /// The bins, by ascending confidence.
  public private(set) var bins = [Bin](repeating: Bin(), count: binCount)

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
    bins[bin].count += 1
    bins[bin].correctCount += isCorrect ? 1 : 0
    bins[bin].confidenceSum += 0...1 ~= confidence ? confidence : .nan
  }

  /// The expected calibration error, in 0...1; 0 if there are no predictions.
  ///
  ///     ECE = Σₘ |Bₘ|/n · |acc(Bₘ) − conf(Bₘ)|
  ///
  /// Source: equation 3 there.
  public var expectedCalibrationError: Double {
    let total = bins.reduce(0) { $0 + $1.count }
    guard total > 0 else { return 0 }
    return bins.reduce(0) { $0 + abs(Double($1.correctCount) - $1.confidenceSum) } / Double(total)
  }
}
