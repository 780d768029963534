import BBBTensors
import Foundation
import TestSupport
import Testing

@testable import BBBPosterior

/// Files that people brought, as the libraries wrote them: each is read right, or refused with a reason and a
/// way out.
@Suite(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
struct CaseTests {
  private func file(_ name: String) throws -> TensorFile {
    try TensorFile(contentsOf: SharedFolder.file("cases/" + name))
  }

  private func posterior(
    _ name: String, model: String? = nil, _ change: (inout PosteriorOptions) -> Void = { _ in }
  ) throws -> Posterior {
    var options = PosteriorOptions()
    options.model = try model.map(file)
    change(&options)
    return try Posterior(file(name), options: options)
  }

  /// What is said of a file that is refused.
  private func refusal(
    _ name: String, _ change: (inout PosteriorOptions) -> Void = { _ in }
  ) throws -> String {
    do {
      _ = try posterior(name, change)
    } catch let error as PosteriorError {
      return error.message
    } catch let error as TensorFileError {
      return error.message
    }
    return "it was read"
  }

  /// Checks a layer's σ against a formula of what the file stores, in double precision.
  private func expect(
    _ layer: PosteriorParameter, mean: String, scale: String, in file: TensorFile,
    _ deviation: (_ stored: Double, _ mean: Double) -> Double
  ) throws {
    let means = try #require(file[mean]).loaded().doubles()
    let stored = try #require(file[scale]).loaded().doubles()
    #expect(try layer.weight.means() == means)
    for (found, (x, mean)) in zip(try layer.weight.standardDeviations(), zip(stored, means)) {
      #expect(abs(found - deviation(x, mean)) <= 1e-12 * found)
    }
  }

  private func softplus(_ x: Double, _: Double) -> Double { log(1 + exp(x)) }
  private func exponential(_ x: Double, _: Double) -> Double { exp(x) }

  // MARK: Pyro and NumPyro

  @Test
  func `the scales of a hand-written guide in Pyro's store are logarithms, by its constraints`()
    throws
  {
    let name = "pyro-store-hand-written-guide-with-noise-site.pt"
    let posterior = try posterior(name)
    #expect(posterior.parameters.map(\.summary) == ["w0 4→16 out,in +b", "w1 16→3 out,in +b"])
    for index in 0...1 {
      try expect(
        posterior.parameters[index], mean: "params/w\(index)_loc", scale: "params/w\(index)_scale",
        in: file(name), exponential)
    }
    #expect(posterior.network != nil)
    #expect(posterior.warnings.contains { $0.contains("likelihood") && $0.contains("sigma") })
  }

  @Test func `TyXe's scales in Pyro's store are logarithms`() throws {
    let name = "pyro-store-tyxe-scale-stored-as-log.pt"
    let posterior = try posterior(name)
    #expect(posterior.network?.layerSizes?.sizes == [20, 16, 3])
    try expect(
      posterior.parameters[0], mean: "params/net_guide.1.weight.loc",
      scale: "params/net_guide.1.weight.scale", in: file(name), exponential)
    #expect(posterior.warnings == [])
  }

  @Test func `TyXe's state dictionary is read without the last sample`() throws {
    let name = "tyxe-state-dict-scale-unconstrained.pt"
    let posterior = try posterior(name)
    #expect(posterior.convention.name == "TyXe")
    #expect(posterior.network?.layerSizes?.sizes == [20, 16, 3])
    try expect(
      posterior.parameters[1], mean: "net_guide.2.weight.loc",
      scale: "net_guide.2.weight.scale_unconstrained", in: file(name), exponential)
    #expect(posterior.warnings == [])
  }

  @Test(arguments: [
    ("pyro-autonormal-regression-sigma-site.pt", [1, 20, 1], "sigma"),
    ("numpyro-bnn-example-prec-obs.npz", [3, 5, 5, 1], "prec_obs"),
  ])
  func `the noise of the likelihood is not in the way`(name: String, sizes: [Int], site: String)
    throws
  {
    let posterior = try posterior(name)
    #expect(posterior.network?.layerSizes?.sizes == sizes)
    #expect(posterior.warnings.contains { $0.contains("likelihood") && $0.contains(site) })
  }

  // MARK: Curvature

  @Test(arguments: [".pt", ".safetensors"])
  func `the order of Laplace's vectors is proven by the model's values`(format: String) throws {
    let name = "laplace-diag-input-hidden-output"
    let posterior = try posterior(name + ".pt", model: name + "-model" + format)
    #expect(
      posterior.parameters.map(\.summary)
        == ["input 20→16 out,in +b", "hidden 16→16 out,in +b", "output 16→3 out,in +b"])
    let model = try file(name + "-model.pt")
    for layer in posterior.parameters {
      #expect(try layer.weight.means() == model[layer.name + ".weight"]?.doubles())
      #expect(try layer.bias?.means() == model[layer.name + ".bias"]?.doubles())
    }
    // H of the first weight, whose place in the vector is the model's: input.weight comes first.
    let curvature = try #require(file(name + ".pt")["H"]).loaded().doubles()
    let precision = try #require(file(name + ".pt")["prior_precision"]).loaded().doubles()
    let expected = (curvature[0] + precision[0]).squareRoot()
    #expect(abs(try posterior.parameters[0].weight.standardDeviations()[0] * expected - 1) < 1e-12)
    #expect(try errorShare(posterior, name + "-data.npz") == 0)
  }

  @Test func `a model of other values proves no order`() throws {
    let message = try refusal("laplace-diag-input-hidden-output.pt") {
      $0.model = try? file("ivon-frozen-body.pt")
    }
    #expect(message.contains("would prove their order"))
  }

  @Test func `Laplace's last layer is uncertain and the rest certain`() throws {
    let posterior = try posterior(
      "laplace-last-layer-diag.pt", model: "laplace-last-layer-diag-model.pt")
    #expect(posterior.parameters.map(\.summary) == ["0 20→16 out,in +b", "2 16→3 out,in +b"])
    #expect(posterior.parameters.map(\.isCertain) == [true, false])
    #expect(posterior.network?.layerSizes?.sizes == [20, 16, 3])
    let curvature = try #require(file("laplace-last-layer-diag.pt")["H"]).loaded().doubles()
    let precision = try #require(file("laplace-last-layer-diag.pt")["prior_precision"]).loaded()
      .doubles()[0]
    for (found, h) in zip(try posterior.parameters[1].weight.standardDeviations(), curvature) {
      #expect(abs(found * (h + precision).squareRoot() - 1) < 1e-12)
    }
  }

  @Test func `the part of a model that IVON trained is a run of its parameters`() throws {
    let posterior = try posterior("ivon-frozen-body.pt")
    #expect(posterior.parameters.map(\.summary) == ["0 20→16 out,in +b", "2 16→3 out,in +b"])
    #expect(posterior.parameters.map(\.isCertain) == [true, false])
    #expect(posterior.network?.layerSizes?.sizes == [20, 16, 3])
    let hessian = try #require(file("ivon-frozen-body.pt")["optimizer/param_groups/0/hess"])
      .loaded()
      .doubles()
    for (found, h) in zip(try posterior.parameters[1].weight.standardDeviations(), hessian) {
      #expect(abs(found * (200 * (h + 0.0001)).squareRoot() - 1) < 1e-12)
    }
    #expect(try posterior.parameters[1].bias?.standardDeviations().count == 3)
  }

  @Test func `tied parameters count once in IVON's state`() throws {
    let posterior = try posterior("ivon-tied-embedding.pt")
    #expect(posterior.copies == ["model/lm_head.weight": "model/wte.weight"])
    #expect(posterior.parameters.map(\.name).contains("wte"))
    #expect(!posterior.parameters.map(\.name).contains("lm_head"))
    let hessian = try #require(file("ivon-tied-embedding.pt")["optimizer/param_groups/0/hess"])
      .loaded().doubles()
    let layer = try #require(posterior.parameters.first { $0.name == "fc" })
    // fc.weight follows the 11×8 elements of the embedding.
    for (found, h) in zip(try layer.weight.standardDeviations(), hessian[88...]) {
      #expect(abs(found * (1000 * (h + 0.0001)).squareRoot() - 1) < 1e-12)
    }
  }

  @Test func `Bayesian SAM's state holds the precision of each parameter`() throws {
    let name = "bayesian-sam-optimizer.pt"
    let posterior = try posterior(name)
    #expect(posterior.convention.name == "Bayesian SAM")
    #expect(posterior.network?.layerSizes?.sizes == [20, 16, 3])
    try expect(
      posterior.parameters[1], mean: "model_state_dict/2.weight",
      scale: "optimizer_state_dict/state/2/s", in: file(name)
    ) { s, _ in 1 / (50_000 * s).squareRoot() }
  }

  // MARK: Other libraries

  @Test func `torch-uncertainty's sigma is a copy of the sampler's rho`() throws {
    let name = "torch-uncertainty-bayeslinear.pt"
    let posterior = try posterior(name)
    #expect(posterior.convention.name == "torch-uncertainty")
    #expect(posterior.network?.layerSizes?.sizes == [20, 16, 3])
    try expect(
      posterior.parameters[0], mean: "0.weight_mu", scale: "0.weight_sigma", in: file(name),
      softplus)
    #expect(posterior.copies["0.weight_sigma"] == "0.weight_sampler.rho")
    #expect(posterior.warnings == [])
  }

  @Test func `zuko clips log-variances softly, and keeps the network it started from`() throws {
    let name = "zuko-bayesianmodel.pt"
    let posterior = try posterior(name)
    #expect(posterior.convention.name == "zuko BayesianModel")
    #expect(posterior.network?.layerSizes?.sizes == [20, 16, 3])
    try expect(
      posterior.parameters[1], mean: "means.2-weight", scale: "logvars.2-weight", in: file(name)
    ) { x, _ in exp(x / (1 + (x / 18) * (x / 18)).squareRoot() / 2) }
    #expect(posterior.warnings == [])
  }

  @Test func `SWAG's variance is a difference of means`() throws {
    let name = "swag-diag-mean-sq-mean.pt"
    let posterior = try posterior(name)
    #expect(posterior.network?.layerSizes?.sizes == [20, 16, 3])
    try expect(
      posterior.parameters[0], mean: "state_dict/base.0.weight_mean",
      scale: "state_dict/base.0.weight_sq_mean", in: file(name)
    ) { square, mean in (square - mean * mean).squareRoot() }
  }

  @Test func `the library posteriors stores log σ`() throws {
    let name = "posteriors-vi-params-log-sd.pt"
    let posterior = try posterior(name)
    #expect(posterior.convention == .init(name: "posteriors", formula: "σ = exp(log σ)"))
    #expect(posterior.network?.layerSizes?.sizes == [20, 16, 3])
    try expect(
      posterior.parameters[0], mean: "params/0.weight", scale: "log_sd_diag/0.weight",
      in: file(name),
      exponential)
  }

  @Test func `bayestorch's vectors take their shapes from the layers, and its prior is left alone`()
    throws
  {
    let name = "bayestorch-flat-vectors.pt"
    #expect(try refusal(name).contains("--layers"))
    let posterior = try posterior(name) { $0.layerSizes = [20, 16, 3] }
    #expect(posterior.convention.name == "bayestorch")
    #expect(posterior.network?.layerSizes?.sizes == [20, 16, 3])
    #expect(
      abs(try posterior.parameters[1].weight.standardDeviations()[5] - log(1 + exp(-7))) < 1e-12)
    let named = try self.posterior(name) {
      $0.meanPattern = "posterior_loc"
      $0.scalePattern = "posterior_softplus_inv_scale"
      $0.layerSizes = [20, 16, 3]
    }
    #expect(
      try named.parameters[0].weight.standardDeviations()
        == posterior.parameters[0].weight.standardDeviations())
  }

  @Test func `BLoB's σ is the square of ρ`() throws {
    let name = "blob-lora-sigma-is-rho-squared.pt"
    let posterior = try posterior(name)
    #expect(posterior.convention.formula == "σ = ρ²")
    let layer = try #require(posterior.parameters.first { !$0.isCertain })
    let stem = "base_model.model.model.layers.0.self_attn.q_proj."
    try expect(
      layer, mean: stem + "lora_A.default.weight", scale: stem + "lora_A_rho.default",
      in: file(name)
    ) { rho, _ in rho * rho }
  }

  @Test func `TensorFlow Probability's weights without names are pairs of equal shape`() throws {
    let name = "tfp-get-weights-arr0-arr1.npz"
    let posterior = try posterior(name)
    #expect(posterior.network?.layerSizes?.sizes == [20, 16, 3])
    try expect(posterior.parameters[1], mean: "arr_3", scale: "arr_4", in: file(name)) { x, _ in
      log(1 + exp(x)) + 0x1p-23
    }
    #expect(posterior.parameters.map { $0.bias?.scale == nil } == [true, true])
    #expect(posterior.warnings.contains { $0.contains("numpy.savez") })
  }

  // MARK: Containers

  @Test func `NumPy arrays saved by PyTorch are read`() throws {
    let posterior = try posterior("torch-save-of-numpy-dict.pt")
    #expect(posterior.convention.name == "bayesian-torch")
    #expect(posterior.network?.layerSizes?.sizes == [20, 16, 3])
    #expect(
      try posterior.parameters.allSatisfy {
        try $0.weight.standardDeviations().allSatisfy { $0 > 0 }
      })
  }

  @Test func `a sparse last layer is a layer`() throws {
    let posterior = try posterior("sparse-coo-last-layer-silently-dropped.pth")
    #expect(posterior.network?.layerSizes?.sizes == [20, 16, 3])
    #expect(posterior.parameters.map(\.summary) == ["a 20→16 out,in +b", "b 16→3 out,in"])
    #expect(
      try posterior.parameters[1].weight.standardDeviations().allSatisfy { (0.03...0.07) ~= $0 })
  }

  @Test func `what is not read is named with a way out`() throws {
    let quantised = try refusal("bayesian-torch-quantised-qint8.pth")
    #expect(quantised.contains("\"a.quantized_mu_weight\" is a quantised tensor"))
    #expect(quantised.contains("from before quantisation"))
    #expect(try refusal("git-lfs-pointer.pth").contains("git lfs pull"))
  }

  /// The share of examples that the means classify wrongly, ReLU between the layers.
  private func errorShare(_ posterior: Posterior, _ data: String) throws -> Double {
    let data = try file(data)
    let inputs = try #require(data["x_test"]).loaded().doubles()
    let labels = try #require(data["y_test"]).loaded().bytes()
    let inputCount = inputs.count / labels.count
    var wrongCount = 0
    for (example, label) in labels.enumerated() {
      var values = Array(inputs[example * inputCount..<(example + 1) * inputCount])
      for (index, layer) in posterior.parameters.enumerated() {
        let weights = try layer.weight.means()
        var outputs = try #require(try layer.bias?.means())
        for output in outputs.indices {
          for (input, value) in values.enumerated() {
            outputs[output] += weights[output * values.count + input] * value
          }
        }
        values = index < posterior.parameters.count - 1 ? outputs.map { max($0, 0) } : outputs
      }
      let best = try #require(values.indices.max { values[$0] < values[$1] })
      if best != Int(label) { wrongCount += 1 }
    }
    return Double(wrongCount) / Double(labels.count)
  }
}
