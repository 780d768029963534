import BBBPosterior
import BBBTensors
import TestSupport
import Testing

@testable import BBBPruning

@Suite struct RankingTests {
  /// Ratios |μ|/σ: 2, 1, 4, 0 in the first layer; 1, 8 in the second.
  let posterior: Posterior

  init() throws {
    posterior = try BBBPruningTests.posterior([
      PlainLayer(
        outputs: 2, inputs: 2, means: [1, -1, 2, 0], deviations: [0.5, 1, 0.5, 3],
        biases: [0, 0]),
      PlainLayer(outputs: 1, inputs: 2, means: [-0.25, 4], deviations: [0.25, 0.5], biases: [0]),
    ])
  }

  @Test func `the signal-to-noise ratio ranks over all layers, lower positions first on ties`()
    throws
  {
    let ranking = try Ranking(posterior, by: .signalToNoiseRatio)
    #expect(ranking.count == 6)
    let half = try ranking.pruning(atSparsity: 0.5)
    #expect(half.keeps == [true, false, true, false, false, true])
    #expect(half.threshold == 1)
    #expect(half.thresholdDecibels == 0)
    // The tie between the two ratios of 1 goes to the first layer.
    let third = try ranking.pruning(atSparsity: 1.0 / 3)
    #expect(third.keeps == [true, false, true, false, true, true])
  }

  @Test func `magnitude, sigma and chance rank by what they say`() throws {
    let magnitude = try Ranking(posterior, by: .magnitude).pruning(atSparsity: 0.5)
    #expect(magnitude.keeps == [false, true, true, false, false, true])
    #expect(magnitude.thresholdDecibels == nil)
    // The least certain weights have σ = 3, 1, and the first of three with ½.
    let sigma = try Ranking(posterior, by: .standardDeviation).pruning(atSparsity: 0.5)
    #expect(sigma.keeps == [false, false, true, false, true, true])
    let chance = try Ranking(posterior, by: .random(seed: 1)).pruning(atSparsity: 0.5)
    #expect(chance.keptCount == 3)
  }

  @Test func `chance is the same for the same seed, and another for another`() throws {
    var generator = SeededGenerator(seed: 5)
    let posterior = try BBBPruningTests.posterior([
      .random(outputs: 30, inputs: 40, using: &generator)
    ])
    func keeps(_ seed: UInt64) throws -> Mask {
      try Ranking(posterior, by: .random(seed: seed)).pruning(atSparsity: 0.5).keeps
    }
    #expect(try keeps(7) == keeps(7))
    #expect(try keeps(7) != keeps(8))
    // Independent coins agree on about half of 1,200.
    let agreements = zip(try keeps(7), try keeps(8)).count { $0 == $1 }
    #expect((500...700).contains(agreements))
  }

  @Test(arguments: [
    // ⌊N·s⌉ with halves to even, out of 4 weights.
    (0.0, 0), (0.1, 0), (0.125, 0), (0.126, 1), (0.375, 2), (0.625, 2), (0.875, 4), (1.0, 4),
  ])
  func `the number removed is rounded half to even`(sparsity: Double, removed: Int) throws {
    let posterior = try BBBPruningTests.posterior([
      PlainLayer(
        outputs: 2, inputs: 2, means: [1, 2, 3, 4], deviations: [1, 1, 1, 1], biases: [0, 0])
    ])
    let pruning = try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: sparsity)
    #expect(pruning.removedCount == removed)
    #expect(pruning.keeps.count { !$0 } == removed)
  }

  @Test func `each layer by itself loses its own share`() throws {
    let pruning = try Ranking(posterior, by: .signalToNoiseRatio)
      .pruning(atSparsity: 0.5, scope: .layer)
    #expect(pruning.keeps == [true, false, true, false, false, true])
    #expect(pruning.threshold == nil)
    let quarter = try Ranking(posterior, by: .signalToNoiseRatio)
      .pruning(atSparsity: 0.25, scope: .layer)
    // A quarter of four is one; a quarter of two is a half, which rounds to zero.
    #expect(quarter.keeps == [true, true, true, false, true, true])
  }

  @Test func `biases are ranked only if asked`() throws {
    let with = try Ranking(posterior, by: .signalToNoiseRatio, includesBiases: true)
    #expect(with.count == 9)
    #expect(with.segments.map(\.isBias) == [false, true, false, true])
    let pruning = try with.pruning(atSparsity: 4.0 / 9)
    #expect(Array(try #require(pruning.mask(ofParameter: 0, isBias: true))) == [false, false])
  }

  @Test(arguments: [-0.1, 1.1, .nan, .infinity])
  func `a sparsity outside 0…1 is refused`(sparsity: Double) throws {
    let ranking = try Ranking(posterior, by: .magnitude)
    #expect(throws: PruningError.self) { try ranking.pruning(atSparsity: sparsity) }
  }

  @Test(arguments: [0, -1, Float.nan, .infinity])
  func `a standard deviation that is not positive is refused, whatever the criterion`(
    deviation: Float
  ) throws {
    let posterior = try BBBPruningTests.posterior([
      PlainLayer(
        outputs: 1, inputs: 2, means: [1, 1], deviations: [1, deviation], biases: [0])
    ])
    let ranking = try Ranking(posterior, by: .magnitude)
    let error = #expect(throws: PosteriorError.self) { try ranking.pruning(atSparsity: 0) }
    #expect(error?.description.contains("index 1") == true)
  }

  @Test func `weights removed earlier go before all others, however small those are`() throws {
    let file = TensorFile(
      path: "pruned.safetensors", format: .safetensors,
      tensors: [
        Tensor(name: "fc.weight", shape: [1, 3], floats: [0, 0, 1]),
        Tensor(name: "fc.weight.sigma", shape: [1, 3], floats: [1, 0, 1]),
        Tensor(name: "fc.weight.mask", shape: [1, 3], bytes: [1, 0, 1]),
      ])
    let ranking = try Ranking(try Posterior(file), by: .signalToNoiseRatio)
    #expect(try ranking.pruning(atSparsity: 1.0 / 3).keeps == [true, false, true])
    #expect(try ranking.pruning(atSparsity: 2.0 / 3).keeps == [false, false, true])
    // Asking for less than was removed earlier brings nothing back.
    let none = try ranking.pruning(atSparsity: 0)
    #expect(none.keeps == [true, false, true] && none.removedCount == 1)
  }
}
