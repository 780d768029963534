/// How well a classifier does on labelled examples.
public struct ClassificationResult: Equatable, Sendable {
  /// The predicted class of each example: that of the largest logit, the first of equals; −1, which
  /// is never right, where a logit is NaN.
  public let predictions: [Int]
  /// Whether each prediction is right.
  public let isCorrect: [Bool]
  /// The number of wrong predictions.
  public let errors: Int
  /// The mean of −log p(label), in nats.
  ///
  /// p is the softmax of the logits; it is computed in double precision from their differences, so
  /// that finite logits give a finite value however improbable the label. NaN if there are no examples.
  public let negativeLogLikelihood: Double
  /// The expected calibration error, in 0...1 (see ``CalibrationError``).
  public let expectedCalibrationError: Double

  /// The number of examples.
  public var count: Int { isCorrect.count }

  /// The fraction of wrong predictions, in 0...1; NaN if there are no examples.
  public var error: Double { Double(errors) / Double(count) }

  /// The 95 % confidence interval of ``error``.
  public var errorInterval: WilsonInterval { WilsonInterval(errors: errors, count: count) }

  init(
    predictions: [Int], isCorrect: [Bool], negativeLogLikelihood: Double,
    expectedCalibrationError: Double
  ) {
    self.predictions = predictions
    self.isCorrect = isCorrect
    errors = isCorrect.count { !$0 }
    self.negativeLogLikelihood = negativeLogLikelihood
    self.expectedCalibrationError = expectedCalibrationError
  }

  /// Compares a classifier's raw outputs with the labels.
  ///
  /// Logarithms of probabilities are logits too: their softmax is the probabilities themselves.
  ///
  /// - Parameters:
  ///   - logits: The classifier's raw outputs, row-major: examples × classes.
  ///   - classCount: The number of classes; at least 1.
  ///   - labels: The class of each example, in `0..<classCount`.
  public init(logits: [Float], classCount: Int, labels: [Int]) {
    var accumulator = ClassificationAccumulator(classCount: classCount)
    accumulator.add(logits: logits, labels: labels)
    self = accumulator.result
  }
}
