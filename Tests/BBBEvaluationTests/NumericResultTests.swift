import BBBDatasets
import BBBEvaluation
import BBBInference
import Foundation
import TestSupport
import Testing

/// How predicted numbers are compared with those that were to be predicted.
struct NumericResultTests {
  @Test func `errors, likelihood and coverage follow their definitions`() throws {
    // Two targets: the first predicted with s = 5 (w = 3, n = 4), the second with s = 1.
    let distribution = NumericDistribution(
      targetCount: 2, means: [0, 0, 10, 10], weightDeviations: [3, 0, 3, 0],
      noiseDeviations: [4, 1, 4, 1])
    let result = try NumericResult(distribution, targets: [9, 1, 20, 8])
    // Differences 9, 1, 10, −2; 1.96 · 5 = 9.8 holds the first alone of the first target, 1.96 one of the second.
    #expect(result.count == 2)
    #expect(result.squaredErrors == [41, 52])
    #expect(result.rootMeanSquaredError == sqrt(46.5))
    #expect(result.rootMeanSquaredErrors == [sqrt(90.5), sqrt(2.5)])
    #expect(result.coverage == 0.5)
    #expect(abs((try #require(result.meanIntervalWidth)) - 1.959963984540054 * 6) < 1e-12)
    let halfLogTurn = 0.5 * log(2 * Double.pi)
    let costs = [
      81.0 / 50 + log(5) + halfLogTurn, 0.5 + halfLogTurn, 2 + log(5) + halfLogTurn,
      2 + halfLogTurn,
    ]
    let likelihoods = try #require(result.negativeLogLikelihoods)
    #expect(abs(likelihoods[0] - (costs[0] + costs[1]) / 2) < 1e-12)
    #expect(abs(likelihoods[1] - (costs[2] + costs[3]) / 2) < 1e-12)
    // Targets 9, 20 and 1, 8 have the variances 30.25 and 12.25.
    #expect(abs(result.targetDeviation - sqrt(21.25)) < 1e-12)
  }

  @Test func `without the noise there is an error, but neither likelihood nor interval`() throws {
    let result = try NumericResult(
      NumericDistribution(targetCount: 1, means: [1, 2], weightDeviations: [1, 1]),
      targets: [1, 4])
    #expect(result.rootMeanSquaredError == sqrt(2))
    #expect(result.negativeLogLikelihood == nil)
    #expect(result.coverage == nil && result.coverageInterval == nil)
    #expect(result.meanIntervalWidth == nil)
  }

  @Test func `an interval of the right noise holds 95 of 100 targets`() throws {
    var generator = SeededGenerator(seed: 4)
    let count = 20_000
    let targets = (0..<count).map { _ in
      // Box and Muller.
      let radius = (-2 * log(Double.random(in: .ulpOfOne..<1, using: &generator))).squareRoot()
      return Float(2 * radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator)))
    }
    let result = try NumericResult(
      NumericDistribution(
        targetCount: 1, means: Array(repeating: 0, count: count),
        noiseDeviations: Array(repeating: 2, count: count)), targets: targets)
    let interval = try #require(result.coverageInterval)
    #expect(abs((try #require(result.coverage)) - 0.95) < 0.005)
    #expect(interval.low < 0.95 && 0.95 < interval.high)
  }

  @Test func `a prediction that is no number is never covered, and spoils the error`() throws {
    let result = try NumericResult(
      NumericDistribution(targetCount: 1, means: [.nan, 0], noiseDeviations: [1, 1]),
      targets: [0, 0])
    #expect(result.coveredCount == 1)
    #expect(result.rootMeanSquaredError.isNaN)
  }

  @Test func `losses are what the error is the mean of`() throws {
    let numbers = try EvaluationResult(
      .numbers(NumericDistribution(targetCount: 1, means: [0, 0])),
      targets: .numbers([3, 4], perExample: 1))
    #expect(numbers.losses == [9, 16])
    #expect(numbers.error == sqrt(12.5))
    let classes = try EvaluationResult(
      .classes(PredictiveDistribution(binaryLogits: [2, 2, -1])), targets: .classes([1, 0, 0]))
    #expect(classes.losses == [0, 1, 0])
    #expect(classes.error == 1.0 / 3)
  }
}

/// One logit, whose sigmoid is the probability of class 1.
struct BinaryResultTests {
  @Test func `error, likelihood and separation are those of the sigmoid`() throws {
    let logits: [Float] = [3, 0.5, -1, 0.25, 80]
    let labels = [1, 0, 0, 1, 1]
    let result = try ClassificationResult(
      PredictiveDistribution(binaryLogits: logits), labels: labels)
    func cost(_ z: Double) -> Double { log1p(exp(-z)) }
    let expected = (cost(3) + cost(-0.5) + cost(1) + cost(0.25) + cost(80)) / 5
    #expect(result.predictions == [1, 1, 0, 1, 1])
    #expect(result.errors == 1)
    #expect(abs(result.negativeLogLikelihood - expected) < 1e-12)
    // Of six pairs, (0.25, 0.5) is in the wrong order.
    #expect(result.classSeparation == 5.0 / 6)
  }

  @Test func `separation needs both classes, and two of them`() throws {
    let one = try ClassificationResult(PredictiveDistribution(binaryLogits: [1]), labels: [1])
    #expect(try #require(one.classSeparation).isNaN)
    let three = try ClassificationResult(logits: [1, 2, 3], classCount: 3, labels: [1])
    #expect(three.classSeparation == nil)
  }

  @Test func `labels that do not belong to the predictions are refused`() throws {
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: DatasetError.self, performing: body)?.description
    }
    let two = PredictiveDistribution(logits: [1, 2, 2, 1], classCount: 2)
    #expect(
      message { _ = try ClassificationResult(two, labels: [1]) }
        == "there are 1 labels and 2 predictions; give those of the same examples")
    for label in [-1, 2] {
      #expect(
        message { _ = try ClassificationResult(two, labels: [0, label]) }
          == "label 1 is \(label), and the network predicts 2 classes, numbered from 0; give the labels the "
          + "network was trained on")
    }
    #expect(
      message { _ = try ClassificationResult(logits: [1, 2, 3], classCount: 2, labels: [1]) }
        == "3 outputs are not those of whole examples, 2 for each; give as many as there are classes for "
        + "each example")
    let one = NumericDistribution(targetCount: 1, means: [1])
    #expect(
      message { _ = try NumericResult(one, targets: [1, 2]) }
        == "there are 2 targets and predictions of 1; give those of the same examples")
    #expect(
      message { _ = try EvaluationResult(.classes(two), targets: .numbers([1, 2], perExample: 1)) }
        == "the answers are numbers, and the network predicts classes; give the class of each example"
    )
    #expect(
      message { _ = try EvaluationResult(.numbers(one), targets: .classes([1])) }
        == "the answers are classes, and the network predicts numbers; give the numbers of each example"
    )
  }
}
