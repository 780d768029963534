import BBBDatasets
import BBBPosterior
import BBBPruning
import BBBTensors
import EvaluationSamples
import Testing

@testable import BBBEvaluation

/// Where the weights left are, against networks pruned by hand.
struct RemainingStructureTests {
  /// Two layers, (2 out, 3 in) and (1 out, 2 in), in the file as such or transposed; σ = 1, so that |μ| ranks.
  private func structure(
    _ means: [Float], transposed: Bool = false, sparsity: Double
  ) throws -> RemainingStructure {
    func tensors(_ name: String, _ shape: [Int], _ means: [Float]) -> [Tensor] {
      [
        Tensor(name: "\(name).weight", shape: shape, floats: means),
        Tensor(
          name: "\(name).weight.sigma", shape: shape,
          floats: .init(repeating: 1, count: means.count)),
      ]
    }
    let first = transposed ? [0, 3, 1, 4, 2, 5].map { means[$0] } : means
    let posterior = try Posterior(
      TensorFile(
        path: "hand.safetensors", format: .safetensors,
        tensors: tensors("fc1", transposed ? [3, 2] : [2, 3], first)
          + tensors("fc2", transposed ? [2, 1] : [1, 2], [9, 0.1])))
    let pruning = try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: sparsity)
    return RemainingStructure(pruning, of: posterior)
  }

  @Test(arguments: [false, true])
  func `counts what is left of each layer and of each input, however they are laid out`(
    transposed: Bool
  ) throws {
    // The smallest four of eight go: 0.1 (fc2), 0.2, 0.3 and 0.4.
    let structure = try structure(
      [5, 0.2, 6, 0.3, 0.4, 7], transposed: transposed, sparsity: 0.5)
    #expect(
      structure.layers == [
        .init(name: "fc1", weights: 6, kept: 3), .init(name: "fc2", weights: 2, kept: 1),
      ])
    #expect(structure.connectionsPerInput == [1, 0, 2])
    #expect(structure.layers.map(\.sparsity) == [0.5, 0.5])
  }

  @Test func `at the ends all connections are left, or none`() throws {
    let means: [Float] = [1, 2, 3, 4, 5, 6]
    #expect(try structure(means, sparsity: 0).connectionsPerInput == [2, 2, 2])
    let empty = try structure(means, sparsity: 1)
    #expect(empty.connectionsPerInput == [0, 0, 0])
    #expect(empty.layers.map(\.kept) == [0, 0])
  }

  @Test(arguments: [false, true])
  func `a sweep's layers add up to the point's counts`(prunesBiases: Bool) throws {
    let posterior = try randomPosterior(sizes: [6, 5, 3], seed: 4)
    var sweep = Sweep(
      sparsities: [0, 0.4, 0.9], criteria: [.signalToNoiseRatio, .magnitude],
      prunesBiases: prunesBiases)
    sweep.recordsStructure = true
    let dataset = try Dataset(
      name: "two", inputs: .bytes([1, 2, 3, 4, 5, 6, 250, 240, 230, 0, 0, 9]), exampleShape: [6],
      labels: [0, 2])
    for curve in try sweep.run(posterior, on: dataset) {
      for point in curve.points {
        let structure = try #require(point.structure)
        #expect(structure.layers.map(\.kept).reduce(0, +) == point.kept)
        #expect(structure.layers.map(\.weights).reduce(0, +) == curve.weights)
        #expect(
          structure.connectionsPerInput.reduce(0, +)
            == structure.layers.first { $0.name == "fc1" }?.kept)
      }
      #expect(curve.points[0].structure?.layers.count == (prunesBiases ? 4 : 2))
    }
  }
}
