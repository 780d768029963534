/// What the numbers that a network's last layer gives are.
public enum OutputMeaning: Hashable, Sendable {
  /// Logits, one per class: softmax makes probabilities of them.
  case classes
  /// One logit: the sigmoid makes the probability of class 1 of it, and class 0 has the rest.
  case binary
  /// Numbers, one per target.
  ///
  /// `noiseDeviation` is the standard deviation of the targets' noise around them, the same for all; `nil` if it is
  /// not known.
  case numbers(noiseDeviation: Double?)
  /// Two numbers per target: first all means, then all logarithms of the noise's variances.
  case meanAndLogVariance

  /// Whether the outputs say which class an example belongs to.
  public var isClassification: Bool {
    switch self {
    case .classes, .binary: true
    case .numbers, .meanAndLogVariance: false
    }
  }

  /// The number of classes that a network tells apart.
  ///
  /// - Parameter outputCount: The number of outputs of its last layer.
  /// - Returns: The number; `nil` if the outputs are numbers.
  public func classCount(outputCount: Int) -> Int? {
    switch self {
    case .classes: outputCount
    case .binary: 2
    case .numbers, .meanAndLogVariance: nil
    }
  }

  /// The number of targets that a network predicts.
  ///
  /// - Parameter outputCount: The number of outputs of its last layer.
  /// - Returns: The number; `nil` if the outputs are classes.
  public func targetCount(outputCount: Int) -> Int? {
    switch self {
    case .classes, .binary: nil
    case .numbers: outputCount
    case .meanAndLogVariance: outputCount / 2
    }
  }

  /// Why a network cannot have outputs of this meaning, as a sentence.
  ///
  /// - Parameter outputCount: The number of outputs of its last layer.
  /// - Returns: The reason; `nil` if it can.
  public func obstacle(outputCount: Int) -> String? {
    switch self {
    case .classes where outputCount < 2:
      """
      a network of one output has no classes to choose from: its output is the probability of one class \
      (--output binary) or a number (--output numbers)
      """
    case .binary where outputCount != 1:
      "one probability (--output binary) needs one output, and the network has \(outputCount)"
    case .meanAndLogVariance where !outputCount.isMultiple(of: 2):
      """
      means and logarithms of variances (--output mean-and-log-variance) need two outputs for each target, \
      and the network has \(outputCount)
      """
    case .classes, .binary, .numbers, .meanAndLogVariance: nil
    }
  }
}

extension OutputMeaning: LosslessStringConvertible {
  /// As the command line and a checkpoint's metadata write it: `classes`, `binary`, `numbers`, `numbers:0.5` or
  /// `mean-and-log-variance`.
  public var description: String {
    switch self {
    case .classes: "classes"
    case .binary: "binary"
    case .numbers(nil): "numbers"
    case .numbers(let deviation?): "numbers:\(deviation)"
    case .meanAndLogVariance: "mean-and-log-variance"
    }
  }

  /// Reads ``description``; `nil` if the text is no such meaning, or its deviation is not positive and finite.
  public init?(_ description: String) {
    switch description {
    case "classes": self = .classes
    case "binary": self = .binary
    case "numbers": self = .numbers(noiseDeviation: nil)
    case "mean-and-log-variance": self = .meanAndLogVariance
    default:
      let prefix = "numbers:"
      guard description.hasPrefix(prefix),
        let deviation = Double(description.dropFirst(prefix.count)),
        deviation > 0, deviation.isFinite
      else { return nil }
      self = .numbers(noiseDeviation: deviation)
    }
  }
}
