#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

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

  /// Compares a classifier's raw outputs with the labels.
  ///
  /// Logarithms of probabilities are logits too: their softmax is the probabilities themselves.
  ///
  /// - Parameters:
  ///   - logits: The classifier's raw outputs, row-major: examples × classes.
  ///   - classCount: The number of classes; at least 1.
  ///   - labels: The class of each example, in `0..<classCount`.
  public init(logits: [Float], classCount: Int, labels: [Int]) {
    precondition(classCount > 0, "a classifier has at least one class")
    precondition(
      logits.count == labels.count * classCount,
      "\(logits.count) logits for \(labels.count) examples of \(classCount) classes")
    var predictions: [Int] = []
    var negativeLogLikelihoodSum = 0.0
    var calibrationError = CalibrationError()
    for (index, label) in labels.enumerated() {
      precondition(0..<classCount ~= label, "label \(label) of \(classCount) classes")
      let example = Example(
        logits: logits[(index * classCount)..<((index + 1) * classCount)], label: label)
      predictions.append(example.prediction)
      negativeLogLikelihoodSum += example.negativeLogLikelihood
      calibrationError.add(
        confidence: example.confidence, isCorrect: example.prediction == label)
    }
    self.predictions = predictions
    isCorrect = zip(predictions, labels).map { $0 == $1 }
    errors = isCorrect.count { !$0 }
    negativeLogLikelihood = negativeLogLikelihoodSum / Double(labels.count)
    expectedCalibrationError = calibrationError.value
  }
}

/// What one example's logits say.
private struct Example {
  /// The class of the largest logit, the first of equals; −1 where a logit is NaN.
  var prediction: Int
  /// −log p(label), in nats.
  var negativeLogLikelihood: Double
  /// The probability of the predicted class.
  var confidence: Double

  init(logits: ArraySlice<Float>, label: Int) {
    prediction = 0
    var largest = -Float.infinity
    var hasNaN = false
    for (index, logit) in logits.enumerated() {
      if logit > largest { (prediction, largest) = (index, logit) }
      if logit.isNaN { hasNaN = true }
    }
    if hasNaN { prediction = -1 }
    let logOfSum = log(logits.reduce(0) { $0 + exp(Double($1) - Double(largest)) })
    negativeLogLikelihood =
      logOfSum - (Double(logits[logits.startIndex + label]) - Double(largest))
    confidence = exp(-logOfSum)
  }
}
