import BBBInference
import BBBPosterior
import BBBTensors
import NetworkReference
import TestSupport
import Testing

@testable import BBBPruning

@Suite struct PrunedPosteriorTests {
  private static let layers: [PlainLayer] = {
    var generator = SeededGenerator(seed: 43)
    return [
      PlainLayer.random(outputs: 40, inputs: 30, using: &generator),
      .random(outputs: 20, inputs: 40, using: &generator),
      .random(outputs: 5, inputs: 20, using: &generator),
    ]
  }()

  private func pruned(
    _ posterior: Posterior, by criterion: Criterion = .signalToNoiseRatio,
    atSparsity sparsity: Double = 0, prunesBiases: Bool = false
  ) throws -> PrunedPosterior {
    let ranking = try Ranking(posterior, by: criterion, includesBiases: prunesBiases)
    return try DenseNetwork(posterior).pruned(by: ranking.pruning(atSparsity: sparsity))
  }

  /// (w − μ)/σ for the weights of a layer of `layers`, which must be N(0, 1).
  private func noise(_ model: CompactModel, layer: Int) -> [Double] {
    let plain = Self.layers[layer]
    return model.matrices[layer].values.indices.map {
      Double((model.matrices[layer].values[$0] - plain.means[$0]) / plain.deviations[$0])
    }
  }

  @Test func `drawn weights and biases have the posterior's mean and standard deviation`() throws {
    let posterior = try pruned(try posterior(Self.layers))
    let draws = (0..<20).map { posterior.draw($0, seed: 5) }
    for layer in Self.layers.indices {
      let biases = draws.flatMap { draw in
        // `posterior(_:)` gives every bias a σ of 0.25.
        zip(draw.matrices[layer].biases, Self.layers[layer].biases).map { Double($0 - $1) / 0.25 }
      }
      for noise in [draws.flatMap { noise($0, layer: layer) }, biases] {
        let count = Double(noise.count)
        let mean = noise.reduce(0, +) / count
        let variance = noise.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        // Five standard errors: 1/√n of the mean, √(2/n) of the variance.
        #expect(abs(mean) < 5 / count.squareRoot())
        #expect(abs(variance - 1) < 5 * (2 / count).squareRoot())
      }
    }
  }

  @Test func `draws, seeds and layers are independent of each other`() throws {
    let posterior = try pruned(try posterior(Self.layers))
    let first = noise(posterior.draw(0, seed: 5), layer: 0)
    let others = [
      noise(posterior.draw(1, seed: 5), layer: 0), noise(posterior.draw(0, seed: 6), layer: 0),
      noise(posterior.draw(0, seed: 5), layer: 1),
    ]
    for other in others {
      let count = min(first.count, other.count)
      let correlation = zip(first, other).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
      #expect(abs(correlation) < 5 / Double(count).squareRoot())
    }
    #expect(posterior.draw(3, seed: 5) == posterior.draw(3, seed: 5))
  }

  /// The layers of an unpruned draw.
  private func layers(_ draw: CompactModel) -> [PlainLayer] {
    draw.matrices.map {
      PlainLayer(
        outputs: $0.rowCount, inputs: $0.columnCount, means: $0.values, deviations: [],
        biases: $0.biases)
    }
  }

  @Test(arguments: [0.3, 0.8, 0.95, 0.99, 1], [false, true])
  func `a pruned draw is the unpruned draw with zeros, whatever units are dead`(
    sparsity: Double, prunesBiases: Bool
  ) throws {
    var generator = SeededGenerator(seed: 47)
    let posterior = try posterior(Self.layers)
    let ranking = try Ranking(
      posterior, by: .signalToNoiseRatio, includesBiases: prunesBiases)
    let pruning = try ranking.pruning(atSparsity: sparsity)
    let dense = try pruned(posterior)
    let pruned = try DenseNetwork(posterior).pruned(by: pruning)
    for number in 0..<3 {
      let model = pruned.draw(number, seed: 9)
      if sparsity >= 0.95 {
        #expect(model.matrices[0].rowCount < 40, "at this sparsity some units are dead")
      }
      let input = (0..<30).map { _ in Float.random(in: 0...2, using: &generator) }
      let expected = ReferenceNetwork(layers(dense.draw(number, seed: 9)), pruning)
        .output(for: input.map(Double.init))
      for (actual, expected) in try zip(model.predictOutputs(for: input), expected) {
        #expect(abs(Double(actual) - expected) < 1e-4 * max(1, abs(expected)))
      }
    }
  }

  @Test func `what is removed contributes nothing, however uncertain it is`() throws {
    var wild = Self.layers
    for layer in wild.indices {
      for index in wild[layer].means.indices where abs(wild[layer].means[index]) < 0.5 {
        wild[layer].deviations[index] = 1e30
      }
    }
    // By magnitude, σ does not decide what goes; 15/32 is the largest mean below 0.5.
    let small = Self.layers.flatMap(\.means).count { abs($0) < 0.5 }
    let sparsity = Double(small) / Double(Self.layers.flatMap(\.means).count)
    let draws = try [Self.layers, wild].map {
      try pruned(try posterior($0), by: .magnitude, atSparsity: sparsity).draw(0, seed: 1)
    }
    #expect(draws[0] == draws[1])
  }

  @Test func `a removed bias is 0, and one without a standard deviation is its mean`() throws {
    let file = TensorFile(
      path: "small.safetensors", format: .safetensors,
      tensors: [
        Tensor(name: "fc1.weight", shape: [2, 1], floats: [8, 9]),
        Tensor(name: "fc1.weight.sigma", shape: [2, 1], floats: [0.1, 0.1]),
        Tensor(name: "fc1.bias", shape: [2], floats: [0.01, 5]),
        Tensor(name: "fc1.bias.sigma", shape: [2], floats: [100, 0.5]),
        Tensor(name: "fc2.weight", shape: [1, 2], floats: [8, 9]),
        Tensor(name: "fc2.weight.sigma", shape: [1, 2], floats: [0.1, 0.1]),
        Tensor(name: "fc2.bias", shape: [1], floats: [3]),
      ])
    let posterior = try Posterior(
      file, options: PosteriorOptions(output: .numbers(noiseDeviation: nil)))
    // Six prunable values, of which the bias of the first unit has the smallest ratio.
    let draw = try pruned(posterior, atSparsity: 1.0 / 6, prunesBiases: true).draw(0, seed: 2)
    #expect(draw.matrices[0].biases[0] == 0)
    #expect(draw.matrices[0].biases[1] != 5)
    #expect(draw.matrices[1].biases == [3])
    let unpruned = try pruned(posterior).draw(0, seed: 2)
    #expect(draw.matrices[0].biases[1] == unpruned.matrices[0].biases[1])
    #expect(unpruned.matrices[0].biases[0] != 0)
  }

  @Test func `the noise of an (in, out) matrix follows its file's order`() throws {
    let shape = (inputs: 11, outputs: 7)
    let count = shape.inputs * shape.outputs
    let zeros = [Float](repeating: 0, count: count)
    let ones = [Float](repeating: 1, count: count)
    func draw(_ file: TensorFile) throws -> [Float] {
      try pruned(try Posterior(file)).draw(0, seed: 3).matrices[0].values
    }
    let outputInput = try draw(
      TensorFile(
        path: "a.safetensors", format: .safetensors,
        tensors: [
          Tensor(name: "fc.weight", shape: [shape.outputs, shape.inputs], floats: zeros),
          Tensor(name: "fc.weight.sigma", shape: [shape.outputs, shape.inputs], floats: ones),
        ]))
    let inputOutput = try draw(
      TensorFile(
        path: "b.npz", format: .npz,
        tensors: [
          Tensor(name: "W_auto_loc", shape: [shape.inputs, shape.outputs], floats: zeros),
          Tensor(name: "W_auto_scale", shape: [shape.inputs, shape.outputs], floats: ones),
        ]))
    for output in 0..<shape.outputs {
      for input in 0..<shape.inputs {
        #expect(
          inputOutput[output * shape.inputs + input]
            == outputInput[input * shape.outputs + output])
      }
    }
  }
}
