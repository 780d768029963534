import BBBTensors
import Testing

@testable import BBBPosterior

/// Tensors beside the weights: biases, strangers and what is neither.
struct LeftoverTests {
  @Test(arguments: [
    ["l.weight_mean", "l.weight_std", "l.bias_mean"], ["l.mu", "l.logvar", "l.bias.mu"],
    ["l.weight_mu", "l.weight_sigma", "l.bias_mu"],
  ])
  func `a mean of a bias without its scale is a certain bias`(names: [String]) throws {
    let posterior = try Posterior(
      TensorFile([.ramp(names[0], 2, 3), .ramp(names[1], 2, 3), .ramp(names[2], 2)]))
    #expect(posterior.parameters.first?.bias?.mean.name == names[2])
    #expect(posterior.parameters.first?.bias?.scale == nil)
    #expect(posterior.warnings == [])
  }

  @Test(arguments: ["l.offset", "n0.gamma", "n0.beta", "scaling"])
  func `any other tensor is a stranger`(name: String) throws {
    let posterior = try Posterior(
      TensorFile([.ramp("l.weight", 2, 3), .ramp("l.weight.rho", 2, 3), .ramp(name, 2)]))
    #expect(posterior.warnings.first?.contains(name) == true)
    #expect(posterior.obstacle?.contains(name) == true)
  }

  @Test(arguments: [
    "l.eps_weight", "l.weight_prior.mu", "l.weight_mask", "optimizer/state/0/exp_avg",
    "opt_state/state/0/exp_avg", "adam/m/l/kernel",
  ])
  func `noise, priors, masks and optimisers are none`(name: String) throws {
    let posterior = try Posterior(
      TensorFile([.ramp("l.weight", 2, 3), .ramp("l.weight.rho", 2, 3), .ramp(name, 2)]))
    #expect(posterior.warnings == [])
    #expect(posterior.network != nil)
  }

  @Test func `a history of losses beside the network's dictionary is none, a layer there is`()
    throws
  {
    func posterior(beside name: String) throws -> Posterior {
      let tensors: [Tensor] = [
        .ramp("model/l.weight", 2, 3), .ramp("model/l.weight.rho", 2, 3), .ramp(name, 4),
      ]
      return try Posterior(
        TensorFile(path: "run.pt", format: .pytorch, tensors: tensors))
    }
    #expect(try posterior(beside: "train_loss").network != nil)
    #expect(try posterior(beside: "head/weight").network == nil)
  }

  @Test func `the masks of our own exports are no parameters of Pyro's store`() throws {
    let mask = Tensor(name: "locs.fc.weight.mask", shape: [2, 3], bytes: [0, 1, 1, 1, 1, 1])
    let posterior = try Posterior(
      TensorFile([.ramp("locs.fc.weight", 2, 3), .ramp("scales.fc.weight", 2, 3), mask]))
    #expect(posterior.parameters.first?.weight.mask?.name == mask.name)
    #expect(posterior.warnings == [])
  }

  @Test func `masks are never proposed, and the kind of scale follows the name`() {
    let mask = Tensor(name: "fc.centre.mask", shape: [2, 2], bytes: [1, 1, 1, 1])
    let error = failure(
      of: TensorFile([.ramp("fc.centre", 2, 2), mask, .ramp("fc.logvar_q", 2, 2)]))
    #expect(
      error?.message.contains(
        "--mean '*.centre' --scale '*.logvar_q' --scale-is log-variance") == true)
  }

  private func blitz(noise: [Float]) -> TensorFile {
    TensorFile([
      .ramp("fc.weight_sampler.mu", 2, 3), .ramp("fc.weight_sampler.rho", 2, 3),
      .ramp("fc.bias_sampler.mu", 2), .ramp("fc.bias_sampler.rho", 2),
      Tensor(name: "fc.bias_sampler.eps_w", shape: [2], floats: noise),
    ])
  }

  @Test(arguments: [[0, 0], [6e14, 0.5], [.leastNonzeroMagnitude, 0], [.nan, 1]] as [[Float]])
  func `BLiTZ biases that were never sampled are doubted and can be left out`(
    noise: [Float]
  ) throws {
    let posterior = try Posterior(blitz(noise: noise))
    #expect(posterior.warnings.count == 1)
    #expect(posterior.warnings.first?.contains("fc.bias_sampler.mu were never sampled") == true)
    let without = try Posterior(blitz(noise: noise), options: .init(ignoresBiases: true))
    #expect(without.parameters.map(\.summary) == ["fc 3→2 out,in"])
    #expect(without.warnings == [])
    #expect(without.network != nil)
  }

  @Test func `BLiTZ biases that were sampled are not doubted`() throws {
    #expect(try Posterior(blitz(noise: [-0.3, 1.7])).warnings == [])
  }

  @Test func `BLiTZ's LSTM is read from the other side and not run`() throws {
    // The shapes of BayesianLSTM(3, 2) and BayesianLinear(2, 5) in their state_dict().
    let shapes: [(String, [Int])] = [
      ("lstm.weight_ih", [3, 8]), ("lstm.weight_hh", [2, 8]), ("lstm.bias", [8]),
      ("fc.weight", [5, 2]), ("fc.bias", [5]),
    ]
    let tensors = shapes.flatMap { name, shape in
      ["mu", "rho"].map { ending in
        Tensor(
          name: "\(name)_sampler.\(ending)", shape: shape,
          floats: [Float](repeating: 1, count: shape.reduce(1, *)))
      }
    }
    let posterior = try Posterior(TensorFile(tensors))
    #expect(
      posterior.parameters.map(\.summary) == [
        "lstm.weight_ih 3→8 in,out +b", "lstm.weight_hh 2→8 in,out", "fc 2→5 out,in +b",
      ])
    #expect(posterior.obstacle?.contains("recurrent") == true)
  }

  @Test(arguments: [-Float.infinity, -1e5, -1000, -100])
  func `mean 0 with standard deviation 0 is a weight removed earlier`(rho: Float) throws {
    let posterior = try Posterior(
      TensorFile([
        Tensor(name: "fc.weight_mu", shape: [1, 3], floats: [0, 2, 0]),
        Tensor(name: "fc.weight_rho", shape: [1, 3], floats: [rho, 0, 0]),
      ]))
    let weight = try #require(posterior.parameters.first?.weight)
    #expect(try weight.isPresent(in: 0..<3) == [false, true, true])
    let deviations = try weight.standardDeviations()
    #expect(deviations[0] == 0)
    #expect(deviations[1] > 0 && deviations[2] > 0)
  }
}
