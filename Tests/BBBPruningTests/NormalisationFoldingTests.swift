import BBBInference
import BBBNetwork
import BBBPosterior
import BBBTensors
import NetworkReference
import TestSupport
import Testing

@testable import BBBPruning

/// Batch normalisation folded into weights and biases.
@Suite struct NormalisationFoldingTests {
  /// The four vectors of a batch normalisation.
  private struct Normalisation {
    var scale: [Float]
    var shift: [Float]
    var mean: [Float]
    var variance: [Float]

    init(count: Int, using generator: inout SeededGenerator) {
      func numbers(_ range: ClosedRange<Float>) -> [Float] {
        (0..<count).map { _ in Float.random(in: range, using: &generator) }
      }
      scale = numbers(0.5...2).enumerated().map { $0.isMultiple(of: 3) ? -$1 : $1 }
      shift = numbers(-1...1)
      mean = numbers(-1...1)
      variance = numbers(0.2...3)
    }

    func tensors(_ name: String) -> [Tensor] {
      let parts = [
        ("weight", scale), ("bias", shift), ("running_mean", mean), ("running_var", variance),
      ]
      return parts.map { Tensor(name: "\(name).\($0)", shape: [$1.count], floats: $1) }
    }

    /// By the definition, with PyTorch's ε.
    func callAsFunction(_ x: [Double]) -> [Double] {
      x.indices.map { unit in
        (x[unit] - Double(mean[unit])) / (Double(variance[unit]) + 1e-5).squareRoot()
          * Double(scale[unit]) + Double(shift[unit])
      }
    }
  }

  private let layers: [PlainLayer]
  private let normalisation: Normalisation
  private let inputs: [[Float]]

  init() {
    var generator = SeededGenerator(seed: 11)
    layers = [
      .random(outputs: 24, inputs: 10, using: &generator),
      .random(outputs: 16, inputs: 24, using: &generator),
      .random(outputs: 3, inputs: 16, using: &generator),
    ]
    normalisation = Normalisation(count: 24, using: &generator)
    inputs = (0..<20).map { _ in (0..<10).map { _ in Float.random(in: -1...2, using: &generator) } }
  }

  /// A `Sequential` of the layers at those numbers and the normalisation at another.
  private func file(layersAt numbers: [Int], normalisationAt number: Int) -> TensorFile {
    let names = Dictionary(
      uniqueKeysWithValues: numbers.enumerated().map { ("fc\($0 + 1)", "\($1)") })
    let tensors = BBBPruningTests.file(layers).tensors.map { tensor in
      var tensor = tensor
      let layer = String(tensor.name.prefix(3))
      tensor.name = (names[layer] ?? "") + tensor.name.dropFirst(3)
      return tensor
    }
    return TensorFile(
      path: "normalised.pt", format: .pytorch,
      tensors: tensors + normalisation.tensors("\(number)"))
  }

  @Test(arguments: [true, false])
  func `other weights and biases are taken apart again, into tensors that make the same network`(
    beforeActivation: Bool
  ) throws {
    let file = file(layersAt: [0, 3, 5], normalisationAt: beforeActivation ? 1 : 2)
    let posterior = try Posterior(file)
    let network = try DenseNetwork(posterior)
    let pruning = try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: 0)
    var generator = SeededGenerator(seed: 12)
    let changed = network.replacingWeights(on: 1) { _, matrix in
      (
        matrix.weights.map { $0 * Float.random(in: 0.5...1.5, using: &generator) },
        matrix.foldedBiases.map { $0 + Float.random(in: -0.5...0.5, using: &generator) }
      )
    }
    let means = try PosteriorMeans(of: changed, in: posterior)
    let export = try DenseExport(
      posterior, from: file, pruning, means: means, keepsUncertainty: true)
    let again = try Posterior(
      TensorFile(path: "again.pt", format: .pytorch, tensors: export.tensors))
    let found = try DenseNetwork(again).compacted(by: pruning)
    let expected = changed.compacted(by: pruning)
    for input in inputs {
      for (one, other) in zip(
        try found.predictOutputs(for: input), try expected.predictOutputs(for: input))
      {
        #expect(abs(one - other) < 1e-4 * (1 + abs(other)))
      }
    }
  }

  @Test(arguments: [0, 0.5, 0.9, 0.97], [true, false])
  func `the folded network computes what the normalised one does, at any sparsity`(
    sparsity: Double, beforeActivation: Bool
  ) throws {
    let file =
      beforeActivation
      ? file(layersAt: [0, 3, 5], normalisationAt: 1)
      : file(layersAt: [0, 3, 5], normalisationAt: 2)
    let posterior = try Posterior(file)
    let pruning = try Ranking(posterior, by: .signalToNoiseRatio, includesBiases: true)
      .pruning(atSparsity: sparsity)
    let model = try DenseNetwork(posterior, readsDeviations: false).compacted(by: pruning)
    let kept = try DenseNetwork(posterior).pruned(by: pruning).compacted()
    let masked = ReferenceNetwork(layers, pruning)
    for input in inputs {
      // The first layer is node 0, its activation node 1.
      let expected = masked.values(for: input.map(Double.init)) { node, _, value in
        node == (beforeActivation ? 0 : 1) ? normalisation(value) : value
      }[masked.network.output.index]
      for outputs in try [model.predictOutputs(for: input), kept.predictOutputs(for: input)] {
        for (actual, expected) in zip(outputs, expected) {
          #expect(abs(Double(actual) - expected) < 1e-4 * max(1, abs(expected)))
        }
      }
    }
  }

  @Test func `folding leaves every ratio of mean and standard deviation what it is`() throws {
    let posterior = try Posterior(file(layersAt: [0, 3, 5], normalisationAt: 1))
    let network = try DenseNetwork(posterior)
    let factors = try #require(posterior.parameters[0].outputNormalisation).coefficients().factors
    let means = network.matrices[0].weights
    let deviations = try #require(network.matrices[0].deviations)
    for position in means.indices {
      let factor = factors[position / 10]
      #expect(abs(Double(means[position]) - factor * Double(layers[0].means[position])) < 1e-6)
      let deviation = abs(factor) * Double(layers[0].deviations[position])
      #expect(abs(Double(deviations[position]) - deviation) < 1e-6)
    }
    // The ranking sees the checkpoint's own numbers.
    let plain = try Ranking(BBBPruningTests.posterior(layers), by: .signalToNoiseRatio)
    let folded = try Ranking(posterior, by: .signalToNoiseRatio)
    #expect(
      try plain.pruning(atSparsity: 0.7).keeps == folded.pruning(atSparsity: 0.7).keeps)
  }

  @Test func `dense tensors without removed units normalise those that stay`() throws {
    let file = file(layersAt: [0, 3, 5], normalisationAt: 1)
    let posterior = try Posterior(file)
    let units = try UnitRanking(posterior, Ranking(posterior, by: .signalToNoiseRatio))
      .pruning(atSparsity: 0.5)
    let export = try DenseExport(
      posterior, from: file, units.pruning, leavingOut: units, keepsUncertainty: true)
    let smaller = try Posterior(
      TensorFile(path: "smaller.pt", format: .pytorch, tensors: export.tensors))
    #expect(smaller.parameters[0].outputNormalisation?.unitCount == units.keptUnits[0].count)
    let models = try [
      DenseNetwork(posterior, readsDeviations: false).compacted(by: units.pruning),
      DenseNetwork(smaller, readsDeviations: false).compacted(
        by: Ranking(smaller, by: .magnitude).pruning(atSparsity: 0)),
    ]
    for input in inputs {
      let outputs = try models.map { try $0.predictOutputs(for: input) }
      for (first, second) in zip(outputs[0], outputs[1]) { #expect(abs(first - second) < 1e-4) }
    }
  }

  @Test(
    .enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)),
    arguments: [
      ("torchbnn_regression", [Activation.tanh, .silu], 0),
      ("torchbnn_regression", [.tanh, .silu], 0.9),
      ("blitz_binary", [.tanh, .elu, .sigmoid], 0), ("blitz_binary", [.tanh, .elu, .sigmoid], 0.9),
    ])
  func `real networks answer as PyTorch does, pruned or not`(
    name: String, activations: [Activation], sparsity: Double
  ) throws {
    let posterior = try Posterior(
      TensorFile(contentsOf: SharedFolder.file("graphs/\(name).pt")),
      options: .init(output: name == "blitz_binary" ? .binary : .numbers(noiseDeviation: nil)))
    #expect(
      posterior.parameters.contains { $0.outputNormalisation != nil } == (name != "blitz_binary"))
    let examples = try TensorFile(contentsOf: SharedFolder.file("graphs/\(name).outputs.npz"))
    let inputs = try #require(examples["input"])
    let outputs = try #require(examples[sparsity == 0 ? "output_0" : "output_\(sparsity)"])
      .doubles()
    let pruning = try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: sparsity)
    // The layers as they are once folded, in double precision: each may have its own activation.
    let layers = try DenseNetwork(posterior, readsDeviations: false).matrices
    let rows = try inputs.doubles()
    let width = inputs.shape[1]
    for example in 0..<inputs.shape[0] {
      var values = Array(rows[example * width..<(example + 1) * width])
      for (index, layer) in layers.enumerated() {
        let mask = try #require(pruning.mask(ofParameter: index))
        var sums = layer.biases.map(Double.init)
        for position in mask.keptPositions {
          let (row, column) = layer.shape.place(at: position)
          sums[row] += Double(layer.weights[position]) * values[column]
        }
        values = index < activations.count ? sums.map { activations[index]($0) } : sums
      }
      #expect(abs(values[0] - outputs[example]) < 1e-4)
    }
  }
}
