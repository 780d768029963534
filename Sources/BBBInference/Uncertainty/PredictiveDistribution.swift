import CBBBLibc

/// What a classifier says of each of a batch of examples, and how sure it is.
///
/// The entropy of the class probabilities p, the *predictive entropy* H[p], is how uncertain the prediction is
/// in all. Its *aleatoric* part, E[H[p | w]] over the posterior of the weights, is uncertainty that
/// every single network sees in the data; the rest, the *mutual information* of the class and the
/// weights, is what the networks disagree on, and would vanish with more data. All are in nats.
///
/// Source of the decomposition: Depeweg, Hernández-Lobato, Doshi-Velez and Udluft, *Decomposition of
/// uncertainty in Bayesian deep learning for efficient and risk-sensitive learning*, ICML 2018, section 3.
public struct PredictiveDistribution: Equatable, Sendable {
  /// The number of classes.
  public let classCount: Int
  /// The logarithm of each class's probability, row-major: examples × classes.
  ///
  /// Probabilities too small for a number still have a logarithm. NaN where a network overflows.
  public let logProbabilities: [Double]
  /// The part of each example's predictive entropy that is expected over the weights, in nats, at most the
  /// entropy itself.
  public let aleatoricEntropies: [Double]

  /// The number of examples.
  public var exampleCount: Int { aleatoricEntropies.count }

  /// Puts a distribution together.
  ///
  /// - Parameters:
  ///   - classCount: The number of classes, at least 1.
  ///   - logProbabilities: Row-major: examples × classes.
  ///   - aleatoricEntropies: One for each example, in nats; those of the class probabilities themselves by
  ///     default, as for a network whose weights are certain.
  /// - Precondition: The counts are these.
  public init(
    classCount: Int, logProbabilities: [Double], aleatoricEntropies: [Double]? = nil
  ) {
    require(classCount > 0, "a classifier has at least one class")
    let entropies =
      aleatoricEntropies
      ?? Self.entropies(ofLogProbabilities: logProbabilities, classCount: classCount)
    require(
      logProbabilities.count == entropies.count * classCount,
      "\(logProbabilities.count) probabilities for \(entropies.count) examples of \(classCount) classes"
    )
    self.classCount = classCount
    self.logProbabilities = logProbabilities
    self.aleatoricEntropies = entropies
  }

  /// The distribution that a network with certain weights predicts: the softmax of its outputs.
  ///
  /// It is computed in double precision from the differences of the logits, so that finite logits give
  /// finite logarithms, in the order of the logits.
  ///
  /// - Parameters:
  ///   - logits: The network's outputs, row-major: examples × classes.
  ///   - classCount: The number of classes, at least 1.
  /// - Precondition: The logits are whole rows.
  public init(logits: [Float], classCount: Int) {
    require(
      classCount > 0 && logits.count.isMultiple(of: classCount),
      "\(logits.count) logits for examples of \(classCount) classes")
    self.init(
      classCount: classCount,
      logProbabilities: Self.logProbabilities(ofLogits: logits, classCount: classCount))
  }

  /// The distribution that a network with certain weights and one output predicts: the sigmoid of its output is the
  /// probability of class 1, and class 0 has the rest.
  ///
  /// - Parameter binaryLogits: The network's output for each example.
  public init(binaryLogits: [Float]) {
    self.init(logits: binaryLogits.flatMap { [0, $0] }, classCount: 2)
  }

  /// The probability of each class, row-major: examples × classes.
  public var probabilities: [Float] { logProbabilities.map { Float(exp($0)) } }

  /// The most probable class of each example, the first of equals; −1 where a probability is NaN.
  public var predictions: [Int] {
    (0..<exampleCount).map { example in
      let row = logProbabilities[example * classCount..<(example + 1) * classCount]
      guard !row.contains(where: \.isNaN) else { return -1 }
      let best = row.indices.reduce(row.startIndex) { row[$1] > row[$0] ? $1 : $0 }
      return best - row.startIndex
    }
  }

  /// The entropy of each example's class probabilities, in nats: 0…log(classes).
  public var predictiveEntropies: [Double] {
    Self.entropies(ofLogProbabilities: logProbabilities, classCount: classCount)
  }

  /// The mutual information of each example's class and the weights, in nats: predictive entropy minus its
  /// aleatoric part, never negative.
  public var mutualInformations: [Double] {
    // What is left of two equal numbers may be a rounding error below 0; NaN stays.
    zip(predictiveEntropies, aleatoricEntropies).map { $0 - $1 < 0 ? 0 : $0 - $1 }
  }
}

extension PredictiveDistribution {
  /// The logarithm of the softmax of each example's logits.
  static func logProbabilities(ofLogits logits: [Float], classCount: Int) -> [Double] {
    var result = logits.map(Double.init)
    for start in stride(from: 0, to: result.count, by: classCount) {
      let example = start..<(start + classCount)
      let largest = result[example].reduce(-.infinity) { max($0, $1) }
      for index in example { result[index] -= largest }
      let logOfSum = log(result[example].reduce(0) { $0 + exp($1) })
      for index in example { result[index] -= logOfSum }
    }
    return result
  }

  /// −Σ p log p of each example; a class without probability adds nothing.
  static func entropies(ofLogProbabilities logs: [Double], classCount: Int) -> [Double] {
    stride(from: 0, to: logs.count, by: classCount).map { start in
      -logs[start..<start + classCount].reduce(0) { $1 == -.infinity ? $0 : $0 + exp($1) * $1 }
    }
  }
}
