import BBBInference
import BBBPosterior
import BBBTensors
import NetworkReference
import TestSupport
import Testing

@testable import BBBPruning

@Suite struct DenseNetworkTests {
  @Test(arguments: [0, 0.3, 0.8, 0.95, 0.99, 1], Pruning.Scope.allCases)
  func `a compact model computes what the masked dense network does`(
    sparsity: Double, scope: Pruning.Scope
  ) throws {
    var generator = SeededGenerator(seed: 31)
    let layers = [
      PlainLayer.random(outputs: 40, inputs: 30, using: &generator),
      .random(outputs: 20, inputs: 40, using: &generator),
      .random(outputs: 5, inputs: 20, using: &generator),
    ]
    let posterior = try posterior(layers)
    let pruning = try Ranking(posterior, by: .signalToNoiseRatio)
      .pruning(atSparsity: sparsity, scope: scope)
    let model = try DenseNetwork(posterior, readsDeviations: false).compacted(by: pruning)
    let masked = ReferenceNetwork(layers, pruning)
    #expect(model.inputCount == 30 && model.outputCount == 5)
    for _ in 0..<20 {
      let input = (0..<30).map { _ in Float.random(in: 0...2, using: &generator) }
      let expected = masked.output(for: input.map(Double.init))
      for (actual, expected) in try zip(model.predictOutputs(for: input), expected) {
        #expect(abs(Double(actual) - expected) < 1e-4)
      }
    }
    if sparsity >= 0.95 {
      #expect(model.matrices[0].rowCount < 40, "at this sparsity some units are dead")
    }
  }

  @Test func `a unit without incoming weights becomes part of the next bias`() throws {
    // Unit 0 has lost its weights and is max(0, 2) = 2; unit 1 works; unit 2 is max(0, −1) = 0.
    let layers = [
      PlainLayer(
        outputs: 3, inputs: 1, means: [0, 1, 0], deviations: [1, 0.1, 1], biases: [2, 0.5, -1]),
      PlainLayer(
        outputs: 1, inputs: 3, means: [3, 5, 7], deviations: [0.1, 0.1, 0.1], biases: [10]),
    ]
    let posterior = try posterior(layers)
    let pruning = try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: 1.0 / 3)
    let model = try DenseNetwork(posterior, readsDeviations: false).compacted(by: pruning)
    #expect(model.matrices.map(\.rowCount) == [1, 1])
    #expect(model.matrices[0].biases == [0.5] && model.matrices[0].values == [1])
    #expect(model.matrices[1].biases == [10 + 3 * 2] && model.matrices[1].values == [5])
  }

  @Test func `a unit without outgoing weights goes, and so does what only it needed`() throws {
    // Chain: input → a0, a1; b0 reads a0 only, b1 reads a1 only; the output reads b1 only.
    let strong: Float = 0.1
    let weak: Float = 1
    let layers = [
      PlainLayer(
        outputs: 2, inputs: 1, means: [1, 2], deviations: [strong, strong], biases: [0, 0]),
      PlainLayer(
        outputs: 2, inputs: 2, means: [1, 0, 0, 3], deviations: [strong, weak, weak, strong],
        biases: [0, 0]),
      PlainLayer(
        outputs: 1, inputs: 2, means: [0, 4], deviations: [weak, strong], biases: [0]),
    ]
    let posterior = try posterior(layers)
    let pruning = try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: 3.0 / 8)
    let model = try DenseNetwork(posterior, readsDeviations: false).compacted(by: pruning)
    #expect(model.matrices.map(\.rowCount) == [1, 1, 1])
    #expect(model.matrices.flatMap(\.values) == [2, 3, 4])
  }

  @Test func `kept weights are the means, bit for bit`() throws {
    var generator = SeededGenerator(seed: 37)
    let layer = PlainLayer.random(outputs: 10, inputs: 50, using: &generator)
    let posterior = try posterior([layer])
    let pruning = try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: 0.7)
    let model = try DenseNetwork(posterior, readsDeviations: false).compacted(by: pruning)
    let expected = zip(layer.means, pruning.keeps).filter { $1 }.map(\.0)
    #expect(model.matrices[0].values == expected)
    #expect(model.matrices[0].biases == layer.biases)
  }

  @Test func `removed biases are zero`() throws {
    var layer = PlainLayer(
      outputs: 2, inputs: 1, means: [8, 9], deviations: [0.1, 0.1], biases: [0.01, 5])
    layer.biases = [0.01, 5]
    let posterior = try posterior([layer])
    let ranking = try Ranking(posterior, by: .signalToNoiseRatio, includesBiases: true)
    let model = try DenseNetwork(posterior, readsDeviations: false).compacted(
      by: ranking.pruning(atSparsity: 0.25))
    #expect(model.matrices[0].biases == [0, 5])
  }

  @Test func `(in, out) matrices give the same model as their transposes`() throws {
    var generator = SeededGenerator(seed: 41)
    let layer = PlainLayer.random(outputs: 7, inputs: 11, using: &generator)
    func transposed(_ values: [Float]) -> [Float] {
      (0..<77).map { values[($0 % 7) * 11 + $0 / 7] }
    }
    let numPyro = TensorFile(
      path: "numpyro.npz", format: .npz,
      tensors: [
        Tensor(name: "W_auto_loc", shape: [11, 7], floats: transposed(layer.means)),
        Tensor(name: "W_auto_scale", shape: [11, 7], floats: transposed(layer.deviations)),
        Tensor(name: "b_auto_loc", shape: [7], floats: layer.biases),
        Tensor(name: "b_auto_scale", shape: [7], floats: layer.biases.map { _ in 1 }),
      ])
    let inputOutput = try Posterior(numPyro)
    let outputInput = try posterior([layer])
    func model(_ posterior: Posterior) throws -> CompactModel {
      let ranking = try Ranking(posterior, by: .signalToNoiseRatio)
      return try DenseNetwork(posterior, readsDeviations: false).compacted(
        by: ranking.pruning(atSparsity: 0))
    }
    #expect(try model(inputOutput).matrices == model(outputInput).matrices)
  }

  @Test func `a network with convolutions is ranked but not run`() throws {
    let file = TensorFile(
      path: "lenet.pt", format: .pytorch,
      tensors: [
        Tensor(name: "conv.mu_kernel", shape: [1, 1, 2, 2], floats: [1, 2, 3, 4]),
        Tensor(name: "conv.rho_kernel", shape: [1, 1, 2, 2], floats: [0, 0, 0, 0]),
      ])
    let posterior = try Posterior(file)
    #expect(try Ranking(posterior, by: .signalToNoiseRatio).count == 4)
    #expect(throws: PruningError.self) { try DenseNetwork(posterior, readsDeviations: false) }
  }
}
