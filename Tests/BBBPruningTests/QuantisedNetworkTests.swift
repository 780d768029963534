import BBBInference
import BBBPosterior
import TestSupport
import Testing

@testable import BBBPruning

@Suite struct QuantisedNetworkTests {
  let layers: [PlainLayer]
  let posterior: Posterior
  let ranking: Ranking

  init() throws {
    var generator = SeededGenerator(seed: 81)
    layers = [
      .random(outputs: 40, inputs: 30, using: &generator),
      .random(outputs: 20, inputs: 40, using: &generator),
      .random(outputs: 5, inputs: 20, using: &generator),
    ]
    posterior = try BBBPruningTests.posterior(layers)
    ranking = try Ranking(posterior, by: .signalToNoiseRatio)
  }

  func export(
    sparsity: Double, natsPerWeight: Double, keepsUncertainty: Bool = false
  ) throws -> ModelExport {
    let precision = try #require(Precision(natsPerWeight: natsPerWeight))
    return try ModelExporter(DenseNetwork(posterior)).export(
      try ranking.pruning(atSparsity: sparsity), as: .quantised(precision),
      keepsUncertainty: keepsUncertainty)
  }

  @Test(arguments: [0, 0.5, 0.9, 1], [0.001, 0.015, 0.2])
  func `the sparsity asked for is a floor`(sparsity: Double, natsPerWeight: Double) throws {
    let asked = try ranking.pruning(atSparsity: sparsity)
    let export = try export(sparsity: sparsity, natsPerWeight: natsPerWeight)
    #expect(zip(export.pruning.keeps, asked.keeps).allSatisfy { !$0 || $1 })
    #expect(export.pruning.removedCount == export.pruning.keeps.count { !$0 })
    #expect(export.model.weightCount <= export.pruning.keptCount)
    #expect(export.model.origin.removedCount == export.pruning.removedCount)
  }

  @Test func `a finer precision is a larger file that is closer to the means`() throws {
    let input = (0..<30).map { Float($0 % 7) / 7 }
    let exact = try DenseNetwork(posterior, readsDeviations: false).compacted(
      by: ranking.pruning(atSparsity: 0.5)
    )
    .predictOutputs(for: input)
    let exports = try [0.5, 0.02, 0.0005].map {
      try export(sparsity: 0.5, natsPerWeight: $0)
    }
    let distances = try exports.map { export in
      try zip(export.model.predictOutputs(for: input), exact).reduce(Float(0)) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      }
    }
    #expect(exports[0].file.count < exports[1].file.count)
    #expect(exports[1].file.count < exports[2].file.count)
    #expect(distances[2] < distances[1] && distances[1] < distances[0])
  }

  /// Every weight left is near its mean: on the way through pruning, folding and renumbering none is swapped.
  @Test func `the costs told are those of the weights and biases written`() throws {
    let export = try export(sparsity: 0.25, natsPerWeight: 1e-3, keepsUncertainty: true)
    let costs = export.model.origin.parameterCosts
    #expect(costs.count == 3 && costs.allSatisfy { $0 >= 0 })
    // From outside: the first layer's weights by value, row by row, in whichever order the units are.
    let first = export.model.matrices[0]
    var rounding = 0.0
    var unmatched = Set(0..<40)
    for output in 0..<first.rowCount {
      let row = first.pattern.entries(ofRow: output)
      let unit = try #require(
        unmatched.first { unit in
          row.allSatisfy { index in
            let mean = layers[0].means[unit * 30 + Int(first.pattern.columns[index])]
            return abs(mean - first.values[index]) < 0.1
          }
        })
      unmatched.remove(unit)
      for index in row {
        let place = unit * 30 + Int(first.pattern.columns[index])
        let error = Double(first.values[index] - layers[0].means[place])
        let deviation = Double(layers[0].deviations[place])
        rounding += error * error / (2 * deviation * deviation)
        let kept = try #require(first.standardDeviations).weights[index]
        #expect(abs(kept / layers[0].deviations[place] - 1) < 0.1)
      }
    }
    // The rest of the cost is removal, and the biases.
    #expect(rounding > 0 && rounding <= Double(costs[0]) + 1e-6)
  }

  /// Of one layer nothing is renumbered or dropped, so the whole cost can be computed from outside.
  @Test(arguments: [0, 0.3], [0.002, 0.05, 1])
  func `the cost of a layer counts what is rounded, what is removed and the biases`(
    sparsity: Double, natsPerWeight: Double
  ) throws {
    var generator = SeededGenerator(seed: 82)
    let layer = PlainLayer.random(outputs: 6, inputs: 50, using: &generator)
    let posterior = try BBBPruningTests.posterior([layer])
    let pruning = try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: sparsity)
    let precision = try #require(Precision(natsPerWeight: natsPerWeight))
    let export = try ModelExporter(DenseNetwork(posterior)).export(
      pruning, as: .quantised(precision))
    let written = export.model.matrices[0]
    var dense = [Float](repeating: 0, count: 300)
    for output in 0..<6 {
      for index in written.pattern.entries(ofRow: output) {
        dense[output * 50 + Int(written.pattern.columns[index])] = written.values[index]
      }
    }
    var cost = 0.0
    for place in 0..<300 where pruning.keeps[place] {
      let error = Double(dense[place] - layer.means[place]) / Double(layer.deviations[place])
      cost += error * error / 2
    }
    for (bias, mean) in zip(written.biases, layer.biases) {
      let error = Double(bias - mean) / 0.25
      cost += error * error / 2
    }
    #expect(abs(Double(export.model.origin.parameterCosts[0]) / cost - 1) < 1e-5)
  }

  @Test func `units that reach no output are removed first`() throws {
    // Hidden unit 1 has strong weights, but what leaves it is worth nothing.
    let layers = [
      PlainLayer(
        outputs: 2, inputs: 3, means: [3, -2, 4, 5, 6, 7],
        deviations: .init(repeating: 0.1, count: 6), biases: [0, 0]),
      PlainLayer(
        outputs: 2, inputs: 2, means: [2, 0.001, -3, 0.001],
        deviations: .init(repeating: 0.1, count: 4), biases: [0, 0]),
    ]
    let posterior = try BBBPruningTests.posterior(layers)
    let export = try ModelExporter(DenseNetwork(posterior)).export(
      try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: 0),
      as: .quantised(.standard))
    #expect(export.model.matrices.map(\.weightCount) == [3, 2])
    #expect(export.pruning.keptCount == 5)
  }

  @Test func `a unit that is not worth its bits goes for the price of its cheaper side`() throws {
    // Hidden unit 1 has twelve weights worth 12.5 nats each, but only one leaves it, worth 4.5: more than that
    // weight's own bits, less than those of the whole unit. Its bias keeps it silent, so that the outputs bear it.
    let strong: [Float] = [3, -2, 4, 5, 6, 7, -3, 2, -4, -5, -6, -7]
    let layers = [
      PlainLayer(
        outputs: 2, inputs: 12, means: strong + strong.map { $0 > 0 ? 0.5 : -0.5 },
        deviations: .init(repeating: 0.1, count: 24), biases: [0, -1000]),
      PlainLayer(
        outputs: 60, inputs: 2,
        means: (0..<60).flatMap { [$0 % 2 == 0 ? 2 : -3, $0 == 0 ? 0.3 : 0] },
        deviations: .init(repeating: 0.1, count: 120), biases: .init(repeating: 0, count: 60)),
    ]
    let posterior = try BBBPruningTests.posterior(layers)
    let export = try ModelExporter(DenseNetwork(posterior)).export(
      try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: 0),
      as: .quantised(try #require(Precision(natsPerWeight: 0.3))))
    #expect(export.model.matrices.map(\.rowCount) == [1, 60])
    let costs = export.model.origin.parameterCosts
    // Removing what leaves it is paid for; what leads to it costs nothing then.
    #expect(costs[1] >= 4.5 && costs[1] < 4.5 + 60 * 0.3)
    #expect(costs[0] < 12.5)
  }

  @Test func `the same network gives the same file`() throws {
    #expect(
      try export(sparsity: 0.5, natsPerWeight: 0.02).file
        == export(sparsity: 0.5, natsPerWeight: 0.02).file)
  }

  @Test func `uncertainty is kept without quantisation too`() throws {
    let pruning = try ranking.pruning(atSparsity: 0.5)
    let export = try ModelExporter(DenseNetwork(posterior)).export(
      pruning, as: .floats(.float32), keepsUncertainty: true)
    #expect(export.model.hasUncertainty)
    #expect(
      export.model.withoutUncertainty()
        == (try DenseNetwork(posterior, readsDeviations: false).compacted(by: pruning)))
  }

  @Test(arguments: [0, -1, .infinity, .nan])
  func `a precision is positive and finite`(number: Double) {
    #expect(Precision(natsPerWeight: number) == nil)
  }
}
