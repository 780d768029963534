import Foundation
import Testing

@testable import BBBInference

struct PredictiveDistributionTests {
  @Test func `equal probabilities have the entropy log K, a certain class none`() {
    let distribution = PredictiveDistribution(
      logits: [3, 3, 3, 3, 900, 0, 0, 0], classCount: 4)
    #expect(abs(distribution.predictiveEntropies[0] - log(4)) < 1e-15)
    #expect(distribution.predictiveEntropies[1] == 0)
    #expect(distribution.aleatoricEntropies == distribution.predictiveEntropies)
    #expect(distribution.mutualInformations == [0, 0])
  }

  @Test func `impossible classes add nothing to the entropy`() {
    let distribution = PredictiveDistribution(
      classCount: 3, logProbabilities: [log(0.25), log(0.75), -.infinity])
    let expected = -0.25 * log(0.25) - 0.75 * log(0.75)
    #expect(abs(distribution.predictiveEntropies[0] - expected) < 1e-15)
    #expect(distribution.probabilities == [0.25, 0.75, 0])
  }

  @Test func `predicts the class of the largest logit, the first of equals, none where one is NaN`()
  {
    let distribution = PredictiveDistribution(
      logits: [1, 3, 2, 5, 5, 0, -2, -2, -2, .nan, 1, 1], classCount: 3)
    #expect(distribution.predictions == [1, 0, 0, -1])
  }

  @Test func `logits that differ in the last bit are told apart`() {
    let logit: Float = 30
    let distribution = PredictiveDistribution(logits: [logit, logit.nextUp], classCount: 2)
    #expect(distribution.predictions == [1])
  }

  @Test func `adding the same number to all logits changes nothing`() {
    let plain = PredictiveDistribution(logits: [0.5, -1, 2], classCount: 3)
    #expect(PredictiveDistribution(logits: [64.5, 63, 66], classCount: 3) == plain)
  }

  @Test func `finite logits have finite logarithms`() {
    let distribution = PredictiveDistribution(logits: [3e38, -3e38], classCount: 2)
    #expect(distribution.logProbabilities == [0, -2 * Double(Float(3e38))])
  }
}

struct MonteCarloAverageTests {
  /// The average over draws that give one example of two classes these probabilities of the first.
  private func average(_ probabilities: [Double]) -> PredictiveDistribution {
    var average = MonteCarloAverage(exampleCount: 1, classCount: 2)
    for probability in probabilities {
      average.add(
        PredictiveDistribution(
          classCount: 2, logProbabilities: [log(probability), log(1 - probability)]))
    }
    return average.distribution
  }

  @Test func `probabilities are averaged, not their logarithms`() {
    // Averages 0.6003 and 0.3997; by geometric means the second class would win.
    let distribution = average([0.9, 0.9, 0.0009])
    #expect(distribution.predictions == [0])
    #expect(abs(distribution.probabilities[0] - 0.6003) < 1e-6)
  }

  @Test func `draws that disagree are mutual information, draws that agree are none`() {
    let disagreeing = average([1, 0])
    #expect(abs(disagreeing.mutualInformations[0] - log(2)) < 1e-12)
    #expect(abs(disagreeing.aleatoricEntropies[0]) < 1e-12)
    let agreeing = average([0.5, 0.5, 0.5])
    #expect(abs(agreeing.mutualInformations[0]) < 1e-12)
    #expect(abs(agreeing.aleatoricEntropies[0] - log(2)) < 1e-12)
  }

  @Test func `one draw is that draw's own prediction`() {
    let draw = PredictiveDistribution(logits: [1, 3, 2, -5, 0, 0.5], classCount: 3)
    var average = MonteCarloAverage(exampleCount: 2, classCount: 3)
    average.add(draw)
    #expect(average.distribution == draw)
  }

  @Test func `the likelihood of a class is finite however improbable it is`() {
    var average = MonteCarloAverage(exampleCount: 1, classCount: 2)
    for logit: Float in [-2000, -2001] {
      average.add(PredictiveDistribution(logits: [0, logit], classCount: 2))
    }
    // log((e⁻²⁰⁰⁰ + e⁻²⁰⁰¹) / 2)
    let expected = -2000 + log((1 + exp(-1.0)) / 2)
    #expect(abs(average.distribution.logProbabilities[1] - expected) < 1e-9)
  }

  @Test func `a draw that gives no number makes the prediction none`() {
    #expect(average([0.9, .nan, 0.9]).predictions == [-1])
  }

  @Test func `a model's Monte Carlo prediction averages its draws, for any number of threads`()
    throws
  {
    let model = UncertaintyTests.model()
    let inputs = (0..<120).map { Float($0 % 7) }
    var expected = MonteCarloAverage(exampleCount: 2, classCount: 10)
    for draw in 0..<11 {
      expected.add(
        try PredictiveDistribution(
          logits: model.draw(draw, seed: 3).predictOutputs(for: inputs), classCount: 10))
    }
    for threadCount in [0, 1, 2, 5, 16] {
      let distribution = try model.predictiveDistribution(
        for: inputs, by: .monteCarlo(sampleCount: 11, seed: 3), threadCount: threadCount)
      #expect(distribution == expected.distribution)
    }
  }
}
