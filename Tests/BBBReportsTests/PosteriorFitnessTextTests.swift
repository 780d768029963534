import BBBEvaluation
import BBBPosterior
import BBBReports
import BBBTensors
import Foundation
import Testing

/// How what speaks against a posterior is said.
struct PosteriorFitnessTextTests {
  @Test func `a finding says what is the case, and what to do`() {
    let proportional = PosteriorFitness.Finding.proportional(meanSpread: 11.15, ratioSpread: 3)
    #expect(proportional.description.contains("--criterion magnitude"))
    let same = PosteriorFitness.Finding.sameDeviation(0.1)
    #expect(same.description.hasPrefix("σ is 0.1 for every weight"))
  }

  @Test func `JSON tells the finding, and what was measured of each layer`() throws {
    // Half of the weights are 1 and half are 3; σ follows them all.
    let means = (0..<2000).map { $0.isMultiple(of: 2) ? 1.0 : 3 }
    let tensors = (0..<5).flatMap { index in
      [
        Tensor(name: "l\(index)", shape: [40, 50], doubles: means),
        Tensor(name: "l\(index).sigma", shape: [40, 50], doubles: means.map { 0.1 * $0 }),
      ]
    }
    let fitness = try PosteriorFitness(
      Posterior(TensorFile(path: "made-up.npz", format: .npz, tensors: tensors)))
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(JSONText.encode(fitness).utf8))
        as? [String: Any])
    #expect(json["finding"] as? String == "proportional")
    #expect(json["sentence"] as? String == fitness.finding?.description)
    #expect((json["layers"] as? [[String: Any]])?.count == 5)
  }
}
