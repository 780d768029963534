import BBBInference
import BBBPosterior
import BBBTensors
import TestSupport
import Testing

@testable import BBBPruning

/// Weights without a σ beside others that have one.
@Suite struct CertainWeightTests {
  /// 20-30-4, the first layer ordinary.
  private static func posterior(deviationFactor: Float = 1) throws -> Posterior {
    var generator = SeededGenerator(seed: 5)
    var layers = [
      PlainLayer.random(outputs: 30, inputs: 20, using: &generator),
      .random(outputs: 4, inputs: 30, using: &generator),
    ]
    layers[1].deviations = layers[1].deviations.map { $0 * deviationFactor }
    let tensors = file(layers).tensors.filter {
      !$0.name.hasPrefix("fc1.") || !$0.name.hasSuffix(".sigma")
    }
    return try Posterior(TensorFile(path: "mixed", format: .safetensors, tensors: tensors))
  }

  @Test(arguments: [Criterion.signalToNoiseRatio, .standardDeviation, .magnitude, .random(seed: 1)])
  func `certain weights have no rank`(criterion: Criterion) throws {
    let posterior = try Self.posterior()
    let ranking = try Ranking(posterior, by: criterion)
    #expect(ranking.count == 120)
    let pruning = try ranking.pruning(atSparsity: 1)
    #expect(pruning.mask(ofParameter: 0) == nil)
    let model = try DenseNetwork(posterior, readsDeviations: false).compacted(
      by: try ranking.pruning(atSparsity: 0.5))
    #expect(model.matrices.last?.values.count == 60)
    #expect(model.origin.denseWeightCount == 720)
  }

  @Test func `magnitude ranks them on request`() throws {
    let posterior = try Self.posterior()
    let magnitude = try Ranking(posterior, by: .magnitude, includesCertainWeights: true)
    #expect(magnitude.count == 720)
    let ratio = try Ranking(posterior, by: .signalToNoiseRatio, includesCertainWeights: true)
    #expect(ratio.count == 120)
  }

  @Test func `the default file keeps certain weights as finely as half precision does`() throws {
    let posterior = try Self.posterior(deviationFactor: 0.01)
    let pruning = try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: 0)
    let export = try ModelExporter(DenseNetwork(posterior)).export(
      pruning, as: .quantised(.standard))
    let means = try posterior.parameters[0].weight.means().filter { $0 != 0 }.sorted()
    let values = export.model.matrices[0].values.filter { $0 != 0 }.map(Double.init).sorted()
    // A hidden unit that reaches no output may go with its weights; none does here.
    try #require(values.count == means.count)
    for (mean, value) in zip(means, values) {
      #expect(abs(mean - value) <= abs(mean) * 0x1p-11)
    }
  }

  @Test func `a draw leaves certain weights as they are`() throws {
    let network = try DenseNetwork(Self.posterior())
    let pruned = network.pruned(
      by: try Ranking(Self.posterior(), by: .signalToNoiseRatio).pruning(atSparsity: 0))
    let (first, second) = (pruned.draw(0, seed: 1), pruned.draw(1, seed: 1))
    #expect(first.matrices[0] == second.matrices[0])
    #expect(first.matrices[1] != second.matrices[1])
    #expect(
      pruned.compacted().matrices[0].standardDeviations?.weights.allSatisfy { $0 == 0 } == true)
  }
}
