import BBBPosterior
import BBBTensors
import Foundation
import TestSupport
import Testing

@testable import BBBEvaluation

/// What speaks against a posterior, on made-up ones whose answer is known.
@Suite struct PosteriorFitnessTests {
  /// One layer of 40 × 50 weights, whose means are normally distributed with a deviation of 0.1.
  private func layer(
    _ name: String, seed: UInt64, scale: Double = 0.1,
    deviation: (Double, inout SeededGenerator) -> Double
  ) -> [Tensor] {
    var generator = SeededGenerator(seed: seed)
    let means = (0..<2000).map { _ in scale * normal(&generator) }
    return [
      Tensor(name: name, shape: [40, 50], doubles: means),
      Tensor(
        name: "\(name).sigma", shape: [40, 50],
        doubles: means.map { deviation($0, &generator) }),
    ]
  }

  private func normal(_ generator: inout SeededGenerator) -> Double {
    let radius = (-2 * log(Double.random(in: 0.0001...1, using: &generator))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator))
  }

  private func fitness(_ tensors: [Tensor]) throws -> PosteriorFitness {
    try PosteriorFitness(
      Posterior(TensorFile(path: "made-up.npz", format: .npz, tensors: tensors)))
  }

  @Test func `nothing speaks against σ that differs and does not follow μ`() throws {
    let fitness = try fitness(
      layer("a", seed: 1) { _, generator in 0.05 * exp(normal(&generator)) })
    #expect(fitness.finding == nil)
    #expect(fitness.layers.map(\.weightCount) == [2000])
    // The quartiles of |N(0, 1)| are 0.3186 and 1.1503, 11.15 dB apart; of log-normal numbers, ±0.6745 nepers.
    #expect(abs(fitness.layers[0].meanSpread - 11.15) < 1)
    #expect(abs(fitness.layers[0].deviationRange - 8.686 * 2 * 3.09) < 8)
  }

  @Test func `σ in proportion to |μ| ranks by rounding errors`() throws {
    let exact = try fitness(layer("a", seed: 2) { mean, _ in 0.1 * abs(mean) + 1e-20 })
    guard case .proportional(let means, let ratios)? = exact.finding else {
      Issue.record("\(String(describing: exact.finding))")
      return
    }
    #expect(abs(means - 11.15) < 1 && ratios < 1e-9)
    let moved = try fitness(
      layer("a", seed: 2) { mean, generator in 0.1 * abs(mean) * exp(0.3 * normal(&generator)) })
    guard case .proportional? = moved.finding else {
      Issue.record("\(String(describing: moved.finding))")
      return
    }
  }

  @Test func `means that are 0 tell nothing of proportion`() throws {
    let fitness = try fitness(
      layer("a", seed: 2) { _, generator in 0.05 * exp(normal(&generator)) }.map { tensor in
        guard tensor.name == "a" else { return tensor }
        return Tensor(
          name: tensor.name, shape: tensor.shape,
          floats: try tensor.doubles().enumerated().map { $0 % 3 == 0 ? 0 : Float($1) })
      })
    #expect(fitness.finding == nil)
  }

  @Test func `one σ for all, one for each layer, and σ as bayesian-torch starts it`() throws {
    let same = try fitness(
      layer("a", seed: 3) { _, _ in 0.1 } + layer("b", seed: 4) { _, _ in 0.1 })
    #expect(same.finding == .sameDeviation(0.1))
    let each = try fitness(
      layer("a", seed: 3) { _, _ in 0.1 } + layer("b", seed: 4) { _, _ in 0.3 })
    #expect(each.finding == .sameDeviationPerLayer)
    let start = try fitness(
      layer("a", seed: 3) { _, generator in log1p(exp(-3 + 0.1 * normal(&generator))) })
    guard case .flatDeviations(let spread)? = start.finding else {
      Issue.record("\(String(describing: start.finding))")
      return
    }
    // ±1.2816 · 0.1 · σ'(−3) / σ(−3) nepers.
    #expect(abs(spread - 2.17) < 0.3)
  }

  @Test func `a layer with less signal than noise has collapsed`() throws {
    // Σ (μ/σ)² over 50 inputs is 50 · 0.01 = ½ on average.
    let weak = layer("a.fc1", seed: 5) { _, _ in 1 }
    let strong = layer("a.fc2", seed: 6) { _, generator in 0.05 * exp(normal(&generator)) }
    let fitness = try fitness(weak + strong)
    #expect(fitness.finding == .collapsed(layers: [fitness.layers[0].name]))
    #expect(abs(fitness.layers[0].signalPerUnit - 0.5) < 0.1)
    #expect(fitness.layers[1].signalPerUnit > 1)
  }

  @Test func `few decided weights among many at the prior are no flat σ`() throws {
    // As the paper's prior leaves them: one in fifty is strong and has a σ of its own.
    var number = 0
    let fitness = try fitness(
      layer("a", seed: 7, scale: 0.01) { _, generator in
        number += 1
        return number.isMultiple(of: 50) ? 0.0004 * exp(normal(&generator)) : 0.05
      })
    #expect(fitness.finding == nil)
  }

  @Test func `too few weights are not judged, and certain ones are no posterior`() throws {
    let few = try fitness([
      Tensor(name: "a", shape: [3, 4], doubles: (1...12).map(Double.init)),
      Tensor(name: "a.sigma", shape: [3, 4], doubles: .init(repeating: 1, count: 12)),
    ])
    #expect(few.layers.isEmpty && few.finding == nil)
  }

  @Test func `the result does not depend on threads`() throws {
    let tensors = (0..<5).flatMap { index in
      layer("l\(index)", seed: UInt64(index)) { mean, _ in 0.1 * abs(mean) + 1e-20 }
    }
    let posterior = try Posterior(
      TensorFile(path: "made-up.npz", format: .npz, tensors: tensors))
    let one = try PosteriorFitness(posterior)
    #expect(try one == PosteriorFitness(posterior, threadCount: 3))
  }
}

/// What is said of real checkpoints.
@Suite(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
struct CheckpointFitnessTests {
  private func finding(_ path: String) throws -> PosteriorFitness.Finding? {
    try PosteriorFitness(
      Posterior(TensorFile(contentsOf: (SharedFolder.path ?? "") + "/" + path)), threadCount: 2
    ).finding
  }

  @Test(
    arguments: SharedFolder.checkpoints.filter {
      !$0.contains("wholemodel") && !$0.hasPrefix("ivon")
    })
  func `nothing is said of a posterior that was trained`(checkpoint: String) throws {
    #expect(try finding("checkpoints/" + checkpoint) == nil)
  }

  @Test(arguments: [
    "cases/moped-all-snr-equal-784-32-10.pth", "graphs/moped_resnet20.pth",
  ])
  func `MOPED's σ is proportional to |μ|`(checkpoint: String) throws {
    guard case .proportional? = try finding(checkpoint) else {
      Issue.record("\(try String(describing: finding(checkpoint)))")
      return
    }
  }

  @Test(arguments: [
    "checkpoints/ivon_mlp.pt", "graphs/ivon_lenet5.pt", "graphs/ivon_mobilenet.pt",
    "cases/default-export-destroys-784-90-10-f16.pth", "cases/regression-14-96-96-96-1.pth",
    "cases/bayesian-torch-three-epochs-784-44-10.pth",
  ])
  func `σ has hardly moved after few epochs`(checkpoint: String) throws {
    guard case .flatDeviations? = try finding(checkpoint) else {
      Issue.record("\(try String(describing: finding(checkpoint)))")
      return
    }
  }

  @Test(arguments: [
    "graphs/bayesian_torch_lenet5.pth", "graphs/blitz_binary.pt", "graphs/torchbnn_regression.pt",
    "cases/tanh-network-run-as-relu.pth",
  ])
  func `nothing is said of other networks that were trained`(checkpoint: String) throws {
    #expect(try finding(checkpoint) == nil)
  }
}
