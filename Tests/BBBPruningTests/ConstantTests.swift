import BBBInference
import BBBNetwork
import BBBPosterior
import BBBTensors
import NetworkReference
import TestSupport
import Testing

@testable import BBBPruning

@Suite("A network's constants")
struct ConstantTests {
  private static let network = try? Network(
    text: """
      input 2 4
      position = constant 2 4
      s = add position input
      flatten
      fc = linear 6
      relu
      token = constant 6
      m = multiply token relu5
      out = linear 3
      """)

  private static func numbers(_ count: Int, _ seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
  }

  /// The tensors of a checkpoint; the position has standard deviations, the token has none.
  private static let tensors: [Tensor] = [
    Tensor(name: "fc.weight.mu", shape: [6, 8], floats: numbers(48, 1)),
    Tensor(name: "fc.weight.sigma", shape: [6, 8], floats: [Float](repeating: 0.1, count: 48)),
    Tensor(name: "fc.bias.mu", shape: [6], floats: numbers(6, 2)),
    Tensor(name: "fc.bias.sigma", shape: [6], floats: [Float](repeating: 0.1, count: 6)),
    Tensor(name: "out.weight.mu", shape: [3, 6], floats: numbers(18, 3)),
    Tensor(name: "out.weight.sigma", shape: [3, 6], floats: [Float](repeating: 0.1, count: 18)),
    Tensor(name: "out.bias.mu", shape: [3], floats: numbers(3, 4)),
    Tensor(name: "out.bias.sigma", shape: [3], floats: [Float](repeating: 0.1, count: 3)),
    Tensor(name: "position.bias.mu", shape: [8], floats: numbers(8, 5)),
    Tensor(name: "position.bias.sigma", shape: [8], floats: [Float](repeating: 0.25, count: 8)),
    Tensor(name: "token", shape: [1, 6], floats: numbers(6, 6)),
  ]

  private static let file = TensorFile(
    path: "embedded.safetensors", format: .safetensors, tensors: tensors)

  private func posterior() throws -> Posterior {
    try Posterior(
      Self.file,
      options: PosteriorOptions(
        meanPattern: "*.mu", scalePattern: "*.sigma", scaleKind: .standardDeviation,
        network: Self.network))
  }

  private func reference() throws -> ReferenceNetwork {
    let network = try #require(Self.network)
    func weights(_ name: String) -> ReferenceNetwork.Weights {
      func doubles(_ name: String) -> [Double] {
        (Self.tensors.first { $0.name == name }.flatMap { try? $0.doubles() }) ?? []
      }
      return .init(weights: doubles("\(name).weight.mu"), biases: doubles("\(name).bias.mu"))
    }
    return ReferenceNetwork(
      network,
      [
        weights("position"), weights("fc"),
        .init(weights: [], biases: Self.numbers(6, 6).map(Double.init)), weights("out"),
      ])
  }

  @Test("run as the checkpoint has them, from the file too")
  func run() throws {
    let posterior = try posterior()
    let network = try DenseNetwork(posterior)
    #expect(network.biasCount == 8 + 6 + 6 + 3)
    let pruning = try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: 0)
    let model = network.compacted(by: pruning)
    let inputs = Self.numbers(16, 7)
    let expected = try [0..<8, 8..<16].flatMap { example in
      try reference().output(for: inputs[example].map(Double.init))
    }
    for model in [model, try CompactModel(bytes: model.encoded())] {
      for (one, other) in zip(try model.predictOutputs(for: inputs), expected) {
        #expect(abs(Double(one) - other) < 1e-5)
      }
    }
  }

  @Test("are drawn with their standard deviations")
  func draws() throws {
    let posterior = try posterior()
    let ranking = try Ranking(posterior, by: .signalToNoiseRatio)
    let pruned = try DenseNetwork(posterior).pruned(by: ranking.pruning(atSparsity: 0))
    let numbers = Self.numbers(8, 5)
    var squares = 0.0
    for draw in 0..<200 {
      let matrices = pruned.draw(draw, seed: 1).matrices
      for (drawn, mean) in zip(matrices[0].biases, numbers) {
        squares += Double(drawn - mean) * Double(drawn - mean) / 0.0625
      }
      #expect(matrices[2].biases == Self.numbers(6, 6))
    }
    #expect(abs(squares / 1600 - 1) < 5 * (2.0 / 1600).squareRoot())
  }

  @Test("are removed where biases may be, and never else")
  func pruning() throws {
    let posterior = try posterior()
    let ranking = try Ranking(posterior, by: .signalToNoiseRatio, includesBiases: true)
    // The token has no standard deviations.
    #expect(ranking.count == 66 + 6 + 3 + 8)
    let network = try DenseNetwork(posterior)
    let pruned = LiveNetwork(network, try ranking.pruning(atSparsity: 0.5)).model(network.matrices)
    let numbers = Self.numbers(8, 5)
    #expect(pruned.matrices[0].biases.contains(0))
    for (found, own) in zip(pruned.matrices[0].biases, numbers) {
      #expect(found == 0 || found == own)
    }
    #expect(pruned.matrices[2].biases == Self.numbers(6, 6))
    let weights = try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: 1)
    #expect(LiveNetwork(network, weights).model(network.matrices).matrices[0].biases == numbers)
  }

  @Test("stay in every export: quantised and dense")
  func exports() throws {
    let posterior = try posterior()
    let ranking = try Ranking(posterior, by: .signalToNoiseRatio)
    #expect(ranking.count == 66)
    let network = try DenseNetwork(posterior)
    let pruning = try ranking.pruning(atSparsity: 0.3)
    let export = try ModelExporter(network).export(pruning, as: .quantised(.standard))
    let token = export.model.matrices[2].biases
    for (one, other) in zip(token, Self.numbers(6, 6)) { #expect(abs(one - other) < 1e-3) }
    let dense = try DenseExport(posterior, from: Self.file, pruning, keepsUncertainty: false)
    #expect(dense.tensors.first { $0.name == "token" }?.shape == [1, 6])
    #expect(dense.parameterCount == 66 + 23)
  }
}
