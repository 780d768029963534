import Foundation
import Testing

@testable import BBBEvaluation

struct PredictiveDistributionTests {
  /// The average over draws that give one example of two classes these probabilities of the first.
  private func result(_ probabilities: [Double], label: Int) -> ClassificationResult {
    var distribution = PredictiveDistribution(exampleCount: 1, classCount: 2)
    for probability in probabilities {
      distribution.add([log(probability), log(1 - probability)])
    }
    return distribution.result(labels: [label])
  }

  @Test func `probabilities are averaged, not their logarithms`() {
    // Averages 0.6003 and 0.3997; by geometric means the second class would win.
    let result = result([0.9, 0.9, 0.0009], label: 0)
    #expect(result.predictions == [0])
    #expect(abs(result.negativeLogLikelihood + log(0.6003)) < 1e-6)
  }

  @Test func `one draw is that draw's own prediction`() {
    let logits: [Float] = [1, 3, 2, -5, 0, 0.5]
    var distribution = PredictiveDistribution(exampleCount: 2, classCount: 3)
    distribution.add(PredictiveDistribution.logProbabilities(ofLogits: logits, classCount: 3))
    let averaged = distribution.result(labels: [1, 0])
    let direct = ClassificationResult(logits: logits, classCount: 3, labels: [1, 0])
    #expect(averaged.predictions == direct.predictions)
    #expect(abs(averaged.negativeLogLikelihood - direct.negativeLogLikelihood) < 1e-6)
  }

  @Test func `finite logits give a finite likelihood however improbable the label`() {
    var distribution = PredictiveDistribution(exampleCount: 1, classCount: 2)
    for logit: Float in [-2000, -2001] {
      distribution.add(
        PredictiveDistribution.logProbabilities(ofLogits: [0, logit], classCount: 2))
    }
    // log((e⁻²⁰⁰⁰ + e⁻²⁰⁰¹) / 2)
    let expected = 2000 - log((1 + exp(-1.0)) / 2)
    #expect(
      abs(distribution.result(labels: [1]).negativeLogLikelihood - expected) < 1e-3)
  }

  @Test func `a draw that gives no number makes the prediction wrong`() {
    #expect(result([0.9, .nan, 0.9], label: 0).errors == 1)
  }
}
