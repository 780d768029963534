import BBBTensors
import TestSupport
import Testing

@testable import BBBPosterior

/// Ordinary layers beside Bayesian ones.
struct CertainLayerTests {
  /// An ordinary layer 3→4 below a Bayesian one 4→2.
  private static let body: [Tensor] = [.ramp("body.weight", 4, 3), .ramp("body.bias", 4)]

  @Test(arguments: [
    ["head.mu_weight", "head.rho_weight"], ["head.weight_mu", "head.weight_rho"],
    ["head.weight_mu", "head.weight_log_sigma"],
    ["head.weight_sampler.mu", "head.weight_sampler.rho"],
    ["head.weight_mu", "head.weight_sigma"], ["head.weight", "head.weight.logvar"],
  ])
  func `an ordinary layer is part of the network, whatever the library`(names: [String]) throws {
    let posterior = try Posterior(
      TensorFile(Self.body + names.map { .ramp($0, 2, 4) }))
    #expect(posterior.parameters.map(\.summary) == ["body 3→4 out,in +b", "head 4→2 out,in"])
    #expect(posterior.parameters.map(\.isCertain) == [true, false])
    #expect(posterior.hasDeviations)
    #expect(posterior.network?.layerSizes?.sizes == [3, 4, 2])
    #expect(posterior.warnings.count == 1)
    #expect(posterior.warnings.first?.contains("certain (σ = 0): body;") == true)
    let body = try #require(posterior.parameters.first)
    #expect(try body.weight.standardDeviations() == .init(repeating: 0, count: 12))
    #expect(try body.weight.means() == Self.body[0].doubles())
    #expect(body.bias?.mean.name == "body.bias")
  }

  @Test func `an ordinary layer lies in the dictionary of the others`() throws {
    func posterior(_ folder: String) throws -> Posterior {
      try Posterior(
        TensorFile([
          .ramp("net/head.mu_weight", 2, 4), .ramp("net/head.rho_weight", 2, 4),
          .ramp(folder + "body.weight", 4, 3),
        ]))
    }
    #expect(try posterior("net/").network?.layerSizes?.sizes == [3, 4, 2])
    let beside = try posterior("ema/")
    #expect(beside.parameters.map(\.name) == ["head"])
    #expect(beside.obstacle?.contains("ema/body.weight") == true)
  }

  @Test func `named patterns have ordinary layers beside them too`() throws {
    let posterior = try Posterior(
      TensorFile(Self.body + [.ramp("head.centre", 2, 4), .ramp("head.spread", 2, 4)]),
      options: .init(
        meanPattern: "*.centre", scalePattern: "*.spread", scaleKind: .standardDeviation))
    #expect(posterior.network?.layerSizes?.sizes == [3, 4, 2])
  }

  @Test func `an ordinary convolution is a layer too, of a network that is not run`() throws {
    let posterior = try Posterior(
      TensorFile([
        .ramp("conv.weight", 4, 1, 3, 3), .ramp("conv.bias", 4), .ramp("fc.mu_weight", 2, 16),
        .ramp("fc.rho_weight", 2, 16),
      ]))
    #expect(posterior.parameters.map(\.name) == ["conv", "fc"])
    #expect(posterior.obstacle?.contains("convolution kernels (conv)") == true)
  }

  @Test func `TensorFlow's ordinary layers are read from the other side`() throws {
    let posterior = try Posterior(
      TensorFile(
        [
          .ramp("dense/kernel:0", 3, 4), .ramp("dense/bias:0", 4),
          .ramp("dense_1/kernel_posterior_loc:0", 4, 2),
          .ramp("dense_1/kernel_posterior_untransformed_scale:0", 4, 2),
        ], format: .npz))
    #expect(posterior.network?.layerSizes?.sizes == [3, 4, 2])
    #expect(posterior.parameters.first?.bias?.mean.name == "dense/bias:0")
  }

  @Test func `a minus sign of a standard deviation says nothing if most have a plus`() throws {
    func posterior(_ sigmas: [Float]) throws -> Posterior {
      try Posterior(
        TensorFile([
          .ramp("fc.weight_mu", 1, 3),
          Tensor(name: "fc.weight_sigma", shape: [1, 3], floats: sigmas),
        ]))
    }
    let mixed = try posterior([0.5, -0.25, 1])
    #expect(try mixed.parameters.first?.weight.standardDeviations() == [0.5, 0.25, 1])
    #expect(mixed.warnings.first?.contains("(fc.weight_sigma)") == true)
    // Mostly negative numbers are logarithms.
    #expect(throws: PosteriorError.self) { try posterior([-3, -2, 0.1]) }
  }

  @Test(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
  func `NoisyNet with an ordinary first layer runs, whatever the sign of its noise`() throws {
    let posterior = try Posterior(
      try TensorFile(
        contentsOf: SharedFolder.file("cases/noisynet-ordinary-first-layer-negative-sigma.pth")))
    #expect(posterior.network?.layerSizes?.sizes == [4, 16, 16, 2])
    #expect(posterior.parameters.map(\.isCertain) == [true, false, false])
    for layer in posterior.parameters.dropFirst() {
      let stored = try #require(layer.weight.scale).doubles()
      #expect(stored.contains { $0 < 0 })
      #expect(try layer.weight.standardDeviations() == stored.map(\.magnitude))
    }
  }
}
