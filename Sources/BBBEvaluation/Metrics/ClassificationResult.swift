import BBBDatasets
import BBBInference
import CBBBLibc

/// How well a classifier does on labelled examples.
public struct ClassificationResult: Equatable, Sendable {
  /// The predicted class of each example: the most probable, the first of equals; −1, which is never right,
  /// where a probability is NaN.
  public let predictions: [Int]
  /// Whether each prediction is right.
  public let isCorrect: [Bool]
  /// The number of wrong predictions.
  public let errors: Int
  /// −log p(label) of each example, in nats.
  ///
  /// It is computed in double precision from logarithms, so that finite logits give a finite value however
  /// improbable the label.
  public let negativeLogLikelihoods: [Double]
  /// The mean of Σ (p(class) − [class = label])² over the classes, in 0...2; NaN if there are no examples.
  ///
  /// Source: Brier, *Verification of forecasts expressed in terms of probability*, Monthly Weather
  /// Review 78 (1950).
  public let brierScore: Double
  /// Confidence beside accuracy.
  public let reliability: ReliabilityDiagram
  /// The error when the examples with the highest predictive entropy are refused.
  public let riskCoverage: RiskCoverage

  /// Of two classes, how well the probability of class 1 tells the examples that have it from the others: the
  /// area under the ROC curve (``SeparationScore``), 0…1, NaN if a class has no examples; `nil` of more classes.
  public let classSeparation: Double?

  /// The mean of ``negativeLogLikelihoods``, in nats; NaN if there are no examples.
  public var negativeLogLikelihood: Double {
    negativeLogLikelihoods.reduce(0, +) / Double(count)
  }

  /// The number of examples.
  public var count: Int { isCorrect.count }

  /// The fraction of wrong predictions, in 0...1; NaN if there are no examples.
  public var error: Double { Double(errors) / Double(count) }

  /// The 95 % confidence interval of ``error``.
  public var errorInterval: WilsonInterval { WilsonInterval(errors: errors, count: count) }

  /// The expected calibration error, in 0...1 (see ``ReliabilityDiagram``).
  public var expectedCalibrationError: Double { reliability.expectedCalibrationError }

  private static func check(
    _ labels: [Int], of distribution: PredictiveDistribution
  ) throws(DatasetError) {
    guard distribution.exampleCount == labels.count else {
      throw DatasetError(
        .mismatched, path: "",
        "there are \(labels.count) labels and \(distribution.exampleCount) predictions; give those of the "
          + "same examples")
    }
    let classes = 0..<distribution.classCount
    guard let index = labels.firstIndex(where: { !classes.contains($0) }) else { return }
    throw DatasetError(
      .mismatched, path: "",
      "label \(index) is \(labels[index]), and the network predicts \(classes.count) classes, numbered "
        + "from 0; give the labels the network was trained on")
  }

  /// Compares predictive distributions with the labels.
  ///
  /// - Parameters:
  ///   - distribution: What the classifier predicts.
  ///   - labels: The class of each example, in `0..<classCount`.
  /// - Throws: `DatasetError.Code.mismatched` if there are not as many labels as predictions, or one is no class.
  public init(_ distribution: PredictiveDistribution, labels: [Int]) throws(DatasetError) {
    let classCount = distribution.classCount
    try Self.check(labels, of: distribution)
    predictions = distribution.predictions
    var losses: [Double] = []
    losses.reserveCapacity(labels.count)
    var brierSum = 0.0
    var reliability = ReliabilityDiagram()
    for (index, label) in labels.enumerated() {
      let logs =
        distribution.logProbabilities[(index * classCount)..<((index + 1) * classCount)]
      losses.append(-logs[logs.startIndex + label])
      var square = 0.0
      for (category, log) in logs.enumerated() {
        let difference = exp(log) - (category == label ? 1 : 0)
        square += difference * difference
      }
      brierSum += square
      let prediction = predictions[index]
      // Sums of rounded probabilities may exceed 1 in the last digit.
      let confidence =
        prediction < 0 ? .nan : min(1, exp(logs[logs.startIndex + prediction]))
      reliability.add(confidence: confidence, isCorrect: prediction == label)
    }
    isCorrect = zip(predictions, labels).map { $0 == $1 }
    errors = isCorrect.count { !$0 }
    negativeLogLikelihoods = losses
    classSeparation = classCount == 2 ? Self.separation(distribution, labels) : nil
    brierScore = brierSum / Double(labels.count)
    self.reliability = reliability
    riskCoverage = RiskCoverage(
      uncertainties: distribution.predictiveEntropies, isCorrect: isCorrect)
  }

  private static func separation(
    _ distribution: PredictiveDistribution, _ labels: [Int]
  ) -> Double {
    // Logarithms of odds: probabilities near 1 would be equal by rounding.
    let logs = distribution.logProbabilities
    let odds = labels.indices.map { logs[2 * $0 + 1] - logs[2 * $0] }
    return SeparationScore.area(
      high: labels.indices.filter { labels[$0] == 1 }.map { odds[$0] },
      low: labels.indices.filter { labels[$0] == 0 }.map { odds[$0] })
  }

  /// Compares a classifier's raw outputs with the labels.
  ///
  /// - Parameters:
  ///   - logits: The classifier's raw outputs, row-major: examples × classes.
  ///   - classCount: The number of classes; at least 1.
  ///   - labels: The class of each example, in `0..<classCount`.
  /// - Throws: `DatasetError.Code.mismatched` if the logits are not whole rows, there are not as many labels as rows,
  ///   or a label is no class.
  public init(logits: [Float], classCount: Int, labels: [Int]) throws(DatasetError) {
    guard classCount > 0, logits.count.isMultiple(of: classCount) else {
      throw DatasetError(
        .mismatched, path: "",
        "\(logits.count) outputs are not those of whole examples, \(classCount) for each; give as many as "
          + "there are classes for each example")
    }
    try self.init(PredictiveDistribution(logits: logits, classCount: classCount), labels: labels)
  }
}
