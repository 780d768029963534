#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What is counted and summed while a classifier runs over examples, in parts of any size.
public struct ClassificationAccumulator: Sendable {
  /// The number of classes.
  public let classCount: Int
  private var predictions: [Int] = []
  private var isCorrect: [Bool] = []
  private var negativeLogLikelihoodSum = 0.0
  private var calibrationError = CalibrationError()

  /// Starts with no examples.
  ///
  /// - Parameter classCount: The number of classes; at least 1.
  public init(classCount: Int) {
    precondition(classCount > 0, "a classifier has at least one class")
    self.classCount = classCount
  }

  /// Adds examples.
  ///
  /// - Parameters:
  ///   - logits: The classifier's raw outputs, row-major: examples × classes.
  ///   - labels: The class of each example, in `0..<classCount`.
  public mutating func add(logits: [Float], labels: some Collection<Int>) {
    precondition(
      logits.count == labels.count * classCount,
      "\(logits.count) logits for \(labels.count) examples of \(classCount) classes")
    for (index, label) in labels.enumerated() {
      precondition(0..<classCount ~= label, "label \(label) of \(classCount) classes")
      add(logits[(index * classCount)..<((index + 1) * classCount)], label: label)
    }
  }

  private mutating func add(_ logits: ArraySlice<Float>, label: Int) {
    var prediction = 0
    var largest = -Float.infinity
    var hasNaN = false
    for (index, logit) in logits.enumerated() {
      if logit > largest { (prediction, largest) = (index, logit) }
      if logit.isNaN { hasNaN = true }
    }
    if hasNaN { prediction = -1 }
    let logOfSum = log(logits.reduce(0) { $0 + exp(Double($1) - Double(largest)) })
    predictions.append(prediction)
    isCorrect.append(prediction == label)
    negativeLogLikelihoodSum +=
      logOfSum - (Double(logits[logits.startIndex + label]) - Double(largest))
    calibrationError.add(confidence: exp(-logOfSum), isCorrect: prediction == label)
  }

  /// The metrics of the examples added so far.
  public var result: ClassificationResult {
    ClassificationResult(
      predictions: predictions, isCorrect: isCorrect,
      negativeLogLikelihood: negativeLogLikelihoodSum / Double(predictions.count),
      expectedCalibrationError: calibrationError.value)
  }
}
