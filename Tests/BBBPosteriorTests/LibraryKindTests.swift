import BBBTensors
import Foundation
import Testing

@testable import BBBPosterior

/// Further libraries' files in small, and what must not be taken for them.
struct LibraryKindTests {
  @Test(arguments: ["", "state_dict/", "model.swag_stats."])
  func `SWAG's averages are read, its low-rank part told of`(prefix: String) throws {
    let file = TensorFile([
      .ramp("0.weight", 2, 3),
      Tensor(name: prefix + "0.weight_mean", shape: [2, 3], floats: [1, 2, 0, -1, 3, 1]),
      Tensor(
        name: prefix + "0.weight_sq_mean", shape: [2, 3], floats: [1.25, 5, 0, 1.0625, 9, 1]),
      .ramp(prefix + "0.weight_cov_mat_sqrt", 20, 6),
    ])
    let posterior = try Posterior(file)
    #expect(posterior.convention == .init(name: "SWAG (diagonal)", formula: "σ² = E[w²] − E[w]²"))
    #expect(posterior.parameters.count == 1)
    // The third is removed; of the last two rounding left nothing.
    #expect(
      try posterior.parameters[0].weight.standardDeviations() == [0.5, 1, 0, 0.25, 1e-15, 1e-15])
    #expect(try posterior.parameters[0].weight.standardDeviations(in: 3..<4) == [0.25])
    #expect(posterior.warnings.contains { $0.contains("low-rank") })
  }

  @Test func `zuko's other parameters are certain`() throws {
    let file = TensorFile([
      .ramp("base.0.weight", 4, 3), .ramp("base.0.bias", 4), .ramp("base.2.weight", 2, 4),
      .ramp("base.2.bias", 2), .ramp("means.2-weight", 2, 4, factor: 5),
      .constant("logvars.2-weight", 2, 4, value: -30),
    ])
    let posterior = try Posterior(file)
    #expect(
      posterior.parameters.map(\.summary) == ["base.0 3→4 out,in +b", "base.2 4→2 out,in +b"])
    #expect(posterior.parameters.map(\.isCertain) == [true, false])
    // −30 is clipped to −30/√(1 + (30/18)²) = −15.4.
    #expect(
      abs(log(try posterior.parameters[1].weight.standardDeviations()[0]) * 2 + 15.4350) < 1e-3)
  }

  @Test func `the trees of the library posteriors say by their names what the diagonal is`() throws
  {
    for (name, expected) in [("log_sd_diag", exp(0.25)), ("sd_diag", 0.25), ("prec_diag", 2)] {
      let file = TensorFile([
        .ramp("params/0.weight", 2, 3), .constant(name + "/0.weight", 2, 3, value: 0.25),
      ])
      #expect(try Posterior(file).parameters[0].weight.standardDeviations()[0] == expected)
    }
  }

  @Test(arguments: [".default", ".my_adapter", ""])
  func `BLoB's factors are told apart whatever the adapter's name`(adapter: String) throws {
    let file = TensorFile([
      .ramp("q_proj.lora_A\(adapter).weight", 2, 6),
      .constant("q_proj.lora_A_rho\(adapter)", 2, 6, value: -0.2),
      .ramp("q_proj.lora_B\(adapter).weight", 6, 2),
    ])
    let posterior = try Posterior(file)
    let layer = try #require(posterior.parameters.first { !$0.isCertain })
    let deviation = Double(Float(-0.2)) * Double(Float(-0.2))
    #expect(try layer.weight.standardDeviations() == .init(repeating: deviation, count: 12))
    #expect(posterior.parameters.count == 2)
  }

  @Test func `Bayesian SAM's mean is the optimiser's where it keeps one`() throws {
    let file = TensorFile(
      [
        .ramp("model/0.weight", 2, 3), .ramp("model/0.bias", 2),
        .constant("optimizer/state/0/s", 2, 3, value: 4),
        .constant("optimizer/state/0/gm", 2, 3, value: 0),
        .constant("optimizer/state/0/mean", 2, 3, value: 7),
        .constant("optimizer/state/1/s", 2, value: 1),
        .constant("optimizer/state/1/gm", 2, value: 0),
      ], scalars: ["optimizer/param_groups/0/Ndata": 25])
    let posterior = try Posterior(file)
    #expect(try posterior.parameters[0].weight.means() == .init(repeating: 7, count: 6))
    #expect(
      try posterior.parameters[0].weight.standardDeviations() == .init(repeating: 0.1, count: 6))
    #expect(try posterior.parameters[0].bias?.standardDeviations() == [0.2, 0.2])
  }

  /// Arrays as `numpy.savez` numbers them: 3→4 with biases that have a scale, 4→2 with one that has none.
  private func arrays(scale: Float) -> TensorFile {
    TensorFile(
      [
        .ramp("arr_0", 3, 4), .constant("arr_1", 3, 4, value: scale), .ramp("arr_2", 4),
        .constant("arr_3", 4, value: scale), .ramp("arr_4", 4, 2),
        .constant("arr_5", 4, 2, value: scale), .ramp("arr_6", 2),
      ], format: .npz)
  }

  @Test func `TensorFlow Probability's weights in turn`() throws {
    let posterior = try Posterior(arrays(scale: -3))
    #expect(
      posterior.parameters.map(\.summary) == ["layer1 3→4 in,out +b", "layer2 4→2 in,out +b"])
    #expect(posterior.parameters.map { $0.bias?.scale?.name } == ["arr_3", nil])
    #expect(posterior.network?.layerSizes?.sizes == [3, 4, 2])
    #expect(failure(of: arrays(scale: 1)) != nil, "σ > ln 2 everywhere: rather two means")
    let square = TensorFile([.ramp("arr_0", 3, 3), .ramp("arr_1", 3, 3)], format: .npz)
    #expect(failure(of: square) != nil)
  }

  @Test func `pairs under other names beside a convention's are read too`() throws {
    let posterior = try Posterior(
      TensorFile([
        .ramp("rnn.weight_ih_mu", 4, 3), .ramp("rnn.weight_ih_rho", 4, 3),
        .ramp("rnn.weight_hh_mu", 4, 4), .ramp("rnn.weight_hh_rho", 4, 4),
        .ramp("fc.weight_mu", 2, 4), .ramp("fc.weight_rho", 2, 4),
      ]))
    #expect(
      posterior.parameters.map(\.name).sorted() == ["fc", "rnn.weight_hh", "rnn.weight_ih"])
    #expect(posterior.parameters.allSatisfy { !$0.isCertain })
    #expect(!posterior.warnings.contains { $0.contains("no standard deviation") })
    #expect(posterior.obstacle?.contains("recurrent") == true)
  }

  @Test func `a scale of mostly negative numbers is no standard deviation`() throws {
    let file = TensorFile([
      .ramp("fc.weight_mu", 2, 3), .constant("fc.weight_sigma", 2, 3, value: -7),
    ])
    #expect(failure(of: file)?.message.contains("mostly negative numbers") == true)
    #expect(failure(of: file, .init(scaleKind: .rho)) == nil)
    // With torch-uncertainty's priors beside it, the name is known to be ρ's.
    let known = TensorFile(
      file.tensors + [
        .ramp("fc.weight_prior_dist.sigmas", 2), .ramp("fc.weight_prior_dist.mus", 2),
      ])
    let posterior = try Posterior(known)
    #expect(posterior.convention == .init(name: "torch-uncertainty", formula: "σ = log(1 + exp ρ)"))
    #expect(posterior.network != nil)
  }

  // MARK: torch.nn.utils.prune

  @Test func `a parameter that PyTorch prunes is its original times its mask`() throws {
    let file = TensorFile([
      .ramp("fc.weight_mu_orig", 2, 3),
      Tensor(name: "fc.weight_mu_mask", shape: [2, 3], floats: [1, 0, 1, 1, 0, 1]),
      .constant("fc.weight_rho", 2, 3, value: -1),
    ])
    let posterior = try Posterior(file)
    let weight = posterior.parameters[0].weight
    #expect(try weight.isPresent(in: 0..<6) == [true, false, true, true, false, true])
    let means = try weight.means()
    #expect(means.map { $0 == 0 } == [false, true, false, false, true, false])
    #expect(try weight.standardDeviations().map { $0 == 0 } == means.map { $0 == 0 })
    #expect(posterior.warnings.contains { $0.contains("torch.nn.utils.prune") })
    #expect(posterior.network != nil)
    #expect(posterior.tensorsLeftOut(of: file).isEmpty)
  }

  @Test func `a mask of other numbers is refused`() {
    let file = TensorFile([
      .ramp("fc.weight_mu_orig", 2, 3), .ramp("fc.weight_mu_mask", 2, 3),
      .ramp("fc.weight_rho", 2, 3),
    ])
    #expect(failure(of: file)?.message.contains("call prune.remove() before saving") == true)
  }

  @Test
  func `an ordinary network that is pruned is told to be ordinary, its mask not offered as σ`() {
    let error = failure(
      of: TensorFile([
        .ramp("fc.weight_orig", 2, 3), .constant("fc.weight_mask", 2, 3, value: 1),
        .ramp("fc.bias", 2),
      ]))
    #expect(error?.message.contains("weights of an ordinary network") == true)
    #expect(error?.message.contains("_mask' --scale") == false)
  }

  // MARK: Hints

  @Test func `no hint offers what names or values contradict`() {
    func message(_ tensors: Tensor...) -> String { failure(of: TensorFile(tensors))?.message ?? "" }
    // A mask, a prior and a momentum are of the weights' shape too.
    let others = message(
      .ramp("fc.centre", 2, 2), .constant("fc.keep", 2, 2, value: 1),
      .ramp("fc.prior_spread", 2, 2), .ramp("optimizer/state/0/momentum", 2, 2))
    #expect(others.contains("--mean '*.mean' --scale '*.std' --scale-is sigma"))
    let negative = message(.ramp("fc.centre", 2, 2), .constant("fc.spread", 2, 2, value: -3))
    #expect(
      negative.contains("--scale '*.spread' --scale-is rho or log-sigma (its numbers are not"))
    let squares = message(.ramp("fc.w_variance", 2, 2), .ramp("fc.w_loc_est", 2, 2))
    #expect(squares.contains("--mean '*_loc_est' --scale '*_variance' --scale-is variance"))
    let vectors = message(.ramp("q_centre", 9), .ramp("q_spread", 9))
    #expect(vectors.contains("--mean '*_centre' --scale '*_spread' --scale-is sigma --model FILE"))
  }

  // MARK: What is not read

  @Test func `a tensor that is not read is an error, unless it is an optimiser's`() throws {
    let pair: [Tensor] = [.ramp("fc.mu_weight", 2, 3), .ramp("fc.rho_weight", 2, 3)]
    func file(_ name: String) -> TensorFile {
      TensorFile(pair, unreadTensors: [UnreadTensor(name: name, kind: .quantised)])
    }
    #expect(
      failure(of: file("out.mu_weight"))?.message == """
        "out.mu_weight" is a quantised tensor, which is not read; give the checkpoint from before \
        quantisation, or save what .dequantize() makes of it
        """)
    #expect(failure(of: file("optimizer/state/0/exp_avg")) == nil)
  }

  @Test func `a pickled network beside tensors is told of`() throws {
    let pair: [Tensor] = [.ramp("fc.mu_weight", 2, 3), .ramp("fc.rho_weight", 2, 3)]
    let posterior = try Posterior(
      TensorFile(
        pair,
        objects: [
          "head": PickledObject(className: "__main__.Head"),
          "args": PickledObject(className: "argparse.Namespace"),
        ]))
    #expect(posterior.warnings.count == 1)
    #expect(posterior.warnings.first?.contains("head (__main__.Head)") == true)
  }
}
