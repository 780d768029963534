import BBBNetwork
import BBBTensors
import Testing

@testable import BBBPosterior

/// What real files hold besides the posterior.
struct LibraryTrapTests {
  private func blitz(copyFactor: Float = 1) -> TensorFile {
    TensorFile([
      .ramp("fc.weight_mu", 2, 3, factor: copyFactor), .ramp("fc.weight_rho", 2, 3),
      .ramp("fc.bias_mu", 2), .ramp("fc.bias_rho", 2),
      .ramp("fc.weight_sampler.mu", 2, 3), .ramp("fc.weight_sampler.rho", 2, 3),
      .ramp("fc.weight_sampler.eps_w", 2, 3), .ramp("fc.bias_sampler.mu", 2),
      .ramp("fc.bias_sampler.rho", 2), .ramp("fc.bias_sampler.eps_w", 2),
    ])
  }

  @Test func `BLiTZ counts each weight once and reads the sampler's`() throws {
    let posterior = try Posterior(blitz())
    #expect(posterior.parameters.map(\.weight.mean.name) == ["fc.weight_sampler.mu"])
    #expect(posterior.parameters.first?.bias?.mean.name == "fc.bias_sampler.mu")
    #expect(posterior.network != nil)
    #expect(posterior.warnings == [])
  }

  @Test func `BLiTZ warns when its copies differ`() throws {
    let posterior = try Posterior(blitz(copyFactor: 2))
    #expect(posterior.warnings.count == 1)
    #expect(posterior.warnings.first?.contains("copies of fc.weight_mu differ") == true)
    #expect(posterior.network != nil)
    #expect(try posterior.parameters.first?.weight.means() == Tensor.ramp("", 2, 3).doubles())
  }

  @Test func `torchbnn's frozen noise is ignored`() throws {
    let posterior = try Posterior(
      TensorFile([
        .ramp("0.weight_mu", 2, 3), .ramp("0.weight_log_sigma", 2, 3), .ramp("0.bias_mu", 2),
        .ramp("0.bias_log_sigma", 2), .ramp("0.weight_eps", 2, 3), .ramp("0.bias_eps", 2),
      ]))
    #expect(posterior.parameters.map(\.summary) == ["0 3→2 out,in +b"])
    #expect(posterior.network != nil)
    #expect(posterior.warnings == [])
  }

  @Test func `bayesian-torch's buffers and training state are ignored`() throws {
    let posterior = try Posterior(
      TensorFile(
        [
          .ramp("state_dict/module.fc.mu_weight", 2, 3),
          .ramp("state_dict/module.fc.rho_weight", 2, 3),
          .ramp("state_dict/module.fc.eps_weight", 2, 3),
          .ramp("state_dict/module.fc.prior_weight_mu", 2, 3),
          .ramp("state_dict/module.fc.prior_weight_sigma", 2, 3),
          .ramp("state_dict/module.fc.mu_bias", 2), .ramp("state_dict/module.fc.rho_bias", 2),
          .ramp("state_dict/module.fc.eps_bias", 2),
          .ramp("state_dict/module.fc.prior_bias_mu", 2),
          .ramp("optimizer/state/0/exp_avg", 2, 3),
        ], scalars: ["epoch": 3, "best_prec1": 98.5]))
    #expect(posterior.parameters.map(\.summary) == ["fc 3→2 out,in +b"])
    #expect(posterior.network != nil)
    #expect(posterior.warnings == [])
  }

  @Test func `a single layer saved by itself has no stem`() throws {
    let posterior = try Posterior(
      TensorFile([
        .ramp("mu_weight", 2, 3), .ramp("rho_weight", 2, 3), .ramp("mu_bias", 2),
        .ramp("rho_bias", 2),
      ]))
    #expect(posterior.parameters.map(\.summary) == ["weight 3→2 out,in +b"])
  }

  @Test func `TensorFlow Probability's biases are certain`() throws {
    let posterior = try Posterior(
      TensorFile([
        .ramp("dense/kernel_posterior_loc:0", 3, 2),
        .ramp("dense/kernel_posterior_untransformed_scale:0", 3, 2),
        .ramp("dense/bias_posterior_loc:0", 2),
      ]))
    let bias = try #require(posterior.parameters.first?.bias)
    #expect(posterior.parameters.map(\.summary) == ["dense 3→2 in,out +b"])
    #expect(bias.scale == nil)
    #expect(bias.parametrisation == nil)
    #expect(try bias.standardDeviations() == [0, 0])
  }

  @Test func `a certain bias with two dimensions is no layer`() throws {
    let posterior = try Posterior(
      TensorFile([
        .ramp("dense/kernel_posterior_loc:0", 3, 2),
        .ramp("dense/kernel_posterior_untransformed_scale:0", 3, 2),
        .ramp("dense/bias_posterior_loc:0", 1, 2),
      ]))
    #expect(posterior.parameters.map(\.summary) == ["dense 3→2 in,out"])
    #expect(posterior.warnings.first?.contains("left out") == true)
    #expect(posterior.warnings.first?.contains("dense/bias") == true)
    #expect(posterior.obstacle?.contains("dense/bias") == true)
  }

  @Test func `TensorFlow Probability adds the epsilon of the element type`() throws {
    let posterior = try Posterior(
      TensorFile([
        Tensor(name: "d/kernel_posterior_loc", shape: [1, 1], doubles: [1]),
        Tensor(name: "d/kernel_posterior_untransformed_scale", shape: [1, 1], doubles: [-100]),
      ]))
    #expect(try posterior.parameters.first?.weight.standardDeviations() == [0x1p-52])
  }

  @Test func `convolution kernels are layers of a network that is not run`() throws {
    let posterior = try Posterior(
      TensorFile([
        .ramp("conv1.mu_kernel", 4, 1, 3, 3), .ramp("conv1.rho_kernel", 4, 1, 3, 3),
        .ramp("conv1.mu_bias", 4), .ramp("conv1.rho_bias", 4),
        .ramp("fc1.mu_weight", 2, 16), .ramp("fc1.rho_weight", 2, 16),
      ]))
    #expect(
      posterior.parameters.map(\.weights) == [
        WeightShape(rows: 4, channels: 1, taps: 9), WeightShape(rows: 2, channels: 16),
      ])
    #expect(
      posterior.obstacle == """
        it has convolution kernels (conv1), and nothing in the file says what lies between its layers: describe \
        the network with --network FILE (docs/networks.md)
        """)
    #expect(posterior.network?.layerSizes?.sizes == nil)
  }

  @Test func `TensorFlow's kernels have their channels last`() throws {
    let posterior = try Posterior(
      TensorFile([
        .ramp("conv/kernel_posterior_loc:0", 5, 3, 1, 4),
        .ramp("conv/kernel_posterior_untransformed_scale:0", 5, 3, 1, 4),
      ]))
    #expect(
      posterior.parameters.map(\.weights) == [
        WeightShape(rows: 4, channels: 1, taps: 15, order: .inputOutput)
      ])
  }

  @Test func `what has no standard deviations and is no layer is left out with a warning`() throws {
    let posterior = try Posterior(
      TensorFile([
        .ramp("offset", 3), .ramp("bn.running_mean", 3),
        .ramp("head.mu_weight", 2, 3), .ramp("head.rho_weight", 2, 3), .ramp("head.bias", 2),
      ]))
    #expect(posterior.parameters.map(\.summary) == ["head 3→2 out,in +b"])
    #expect(posterior.parameters.first?.bias?.scale == nil)
    #expect(
      posterior.obstacle == """
        it has more than weights with means and standard deviations and their biases (offset, \
        bn.running_mean)
        """)
    #expect(posterior.warnings.count == 1)
  }

  @Test func `batch normalisation's Gaussians are no biases`() throws {
    let posterior = try Posterior(
      TensorFile([
        .ramp("0.weight_mu", 2, 3), .ramp("0.weight_log_sigma", 2, 3),
        .ramp("1.weight_mu", 2), .ramp("1.weight_log_sigma", 2),
      ]))
    #expect(posterior.parameters.map(\.summary) == ["0 3→2 out,in"])
    #expect(posterior.obstacle?.contains("1.weight") == true)
    #expect(posterior.warnings.first?.contains("1.weight") == true)
  }

  @Test func `one of two networks can be named`() throws {
    let names = ["state_dict/fc", "ema/fc"]
    let one = try Posterior(
      TensorFile(
        names.flatMap { [.ramp($0 + ".mu_weight", 2, 3), .ramp($0 + ".rho_weight", 2, 3)] }),
      options: .init(
        meanPattern: "ema/*.mu_weight", scalePattern: "ema/*.rho_weight", scaleKind: .rho))
    #expect(one.parameters.map(\.weight.mean.name) == ["ema/fc.mu_weight"])
  }

  @Test func `a bias of another network is an error`() {
    let error = failure(
      of: TensorFile([
        .ramp("fc.mu_weight", 2, 3), .ramp("fc.rho_weight", 2, 3), .ramp("fc.mu_bias", 3),
        .ramp("fc.rho_bias", 3),
      ]))
    #expect(
      error?.message == """
        "fc.mu_bias" has 3 elements but its layer, "fc.mu_weight" 2×3, has 2 outputs; both must \
        come from the same network
        """)
    let neither = failure(
      of: TensorFile([
        .ramp("fc.mu_weight", 2, 3), .ramp("fc.rho_weight", 2, 3), .ramp("fc.mu_bias", 4),
        .ramp("fc.rho_bias", 4),
      ]))
    #expect(neither?.code == .shapeMismatch)
  }
}
