import BBBNetwork
import BBBTensors
import Foundation
import Testing

@testable import BBBPosterior

/// Files as each library writes them, in small: 3 inputs, 2 hidden units, 4 outputs.
struct ConventionTests {
  struct Example: Sendable, CustomTestStringConvertible {
    var convention: String
    var formula: String
    /// Weight mean, weight scale, bias mean, bias scale of each layer, with `#` for the number.
    var names: [String]
    /// The numbers of the two layers.
    var numbers = ["1", "2"]
    var layout = WeightShape.Order.outputInput
    var layers = ["fc1", "fc2"]

    var testDescription: String { "\(convention): \(names[0])" }
  }

  static let softplus = "σ = log(1 + exp ρ)"

  static let examples = [
    Example(
      convention: "torchbnn", formula: "σ = exp(log σ)",
      names: ["#.weight_mu", "#.weight_log_sigma", "#.bias_mu", "#.bias_log_sigma"],
      numbers: ["0", "2"], layers: ["0", "2"]),
    Example(
      convention: "BLiTZ", formula: softplus,
      names: [
        "fc#.weight_sampler.mu", "fc#.weight_sampler.rho", "fc#.bias_sampler.mu",
        "fc#.bias_sampler.rho",
      ]),
    Example(
      convention: "bayesian-torch", formula: softplus,
      names: ["fc#.mu_weight", "fc#.rho_weight", "fc#.mu_bias", "fc#.rho_bias"]),
    Example(
      convention: "bayesian-torch", formula: softplus,
      names: ["state_dict/module.fc#.mu_weight", "state_dict/module.fc#.rho_weight"]
        + ["state_dict/module.fc#.mu_bias", "state_dict/module.fc#.rho_bias"]),
    Example(
      convention: "PyTorch-BayesianCNN", formula: softplus,
      names: ["fc#.W_mu", "fc#.W_rho", "fc#.bias_mu", "fc#.bias_rho"]),
    Example(
      convention: "Bayesian-Neural-Networks (W_mu, W_p)", formula: softplus + " + 1e-06",
      names: ["bfc#.W_mu", "bfc#.W_p", "bfc#.b_mu", "bfc#.b_p"], layout: .inputOutput,
      layers: ["bfc1", "bfc2"]),
    Example(
      convention: "Bayes by Backprop layers (weight_mu, weight_rho)", formula: softplus,
      names: ["l#.weight_mu", "l#.weight_rho", "l#.bias_mu", "l#.bias_rho"], layers: ["l1", "l2"]),
    Example(
      convention: "Bayes by Backprop layers (weight_mu, weight_rho)", formula: softplus,
      names: ["l#.weight_mu", "l#.weight_rho", "l#.bias_mu", "l#.bias_rho"],
      layout: .inputOutput, layers: ["l1", "l2"]),
    Example(
      convention: "Bayes by Backprop layers (mu_weights, rho_weights)", formula: softplus,
      names: ["layers.#.mu_weights", "layers.#.rho_weights", "layers.#.mu_bias"]
        + ["layers.#.rho_bias"], layers: ["layers.1", "layers.2"]),
    Example(
      convention: "torchbayesian", formula: softplus,
      names: ["mu", "rho"].map {
        "module.fc#.reparametrizations.weight.variational_posterior.\($0)"
      }
        + ["mu", "rho"].map { "module.fc#.reparametrizations.bias.variational_posterior.\($0)" }),
    Example(
      convention: "Pyro AutoNormal (guide)", formula: softplus,
      names: [
        "locs.fc#.weight_unconstrained", "scales.fc#.weight_unconstrained",
        "locs.fc#.bias_unconstrained", "scales.fc#.bias_unconstrained",
      ]),
    Example(
      convention: "Pyro AutoNormal (guide)", formula: softplus,
      names: [
        "locs.fc#.weight", "scales.fc#.weight_unconstrained", "locs.fc#.bias",
        "scales.fc#.bias_unconstrained",
      ]),
    Example(
      convention: "Pyro AutoNormal (parameter store)", formula: softplus,
      names: ["locs.fc#.weight", "scales.fc#.weight", "locs.fc#.bias", "scales.fc#.bias"].map {
        "params/AutoNormal.\($0)"
      }),
    Example(
      convention: "NumPyro AutoNormal", formula: "σ as stored",
      names: ["W#_auto_loc", "W#_auto_scale", "b#_auto_loc", "b#_auto_scale"],
      layout: .inputOutput, layers: ["W1", "W2"]),
    Example(
      convention: "NumPyro AutoNormal", formula: "σ as stored",
      names: [
        "nn/Dense_#.kernel_auto_loc", "nn/Dense_#.kernel_auto_scale", "nn/Dense_#.bias_auto_loc",
        "nn/Dense_#.bias_auto_scale",
      ], layout: .inputOutput, layers: ["Dense_1", "Dense_2"]),
    Example(
      convention: "TensorFlow Probability", formula: softplus + " + 1.1920929e-07",
      names: [
        "den_#/kernel_posterior_loc:0", "den_#/kernel_posterior_untransformed_scale:0",
        "den_#/bias_posterior_loc:0", "den_#/bias_posterior_untransformed_scale:0",
      ], layout: .inputOutput, layers: ["den_1", "den_2"]),
    Example(
      convention: "TensorFlow Probability", formula: softplus + " + 1.1920929e-07",
      names: [
        "model/sequential/den_#/kernel_posterior_loc",
        "model/sequential/den_#/kernel_posterior_untransformed_scale",
        "model/sequential/den_#/bias_posterior_loc",
        "model/sequential/den_#/bias_posterior_untransformed_scale",
      ], layout: .inputOutput, layers: ["den_1", "den_2"]),
    Example(
      convention: "plain pairs", formula: "σ as stored",
      names: ["fc#.weight", "fc#.weight.sigma", "fc#.bias", "fc#.bias.sigma"]),
    Example(
      convention: "plain pairs", formula: softplus,
      names: ["fc#.weight", "fc#.weight.rho", "fc#.bias", "fc#.bias.rho"]),
    Example(
      convention: "plain pairs", formula: "σ = exp(log σ)",
      names: ["fc#.weight.mu", "fc#.weight.log_sigma", "fc#.bias.mu", "fc#.bias.log_sigma"]),
    Example(
      convention: "plain pairs", formula: "σ = exp(½ log σ²)",
      names: ["fc#.mu", "fc#.logvar", "fc#.bias.mu", "fc#.bias.logvar"]),
    Example(
      convention: "plain pairs", formula: "σ as stored",
      names: ["fc#.weight_mu", "fc#.weight_sigma", "fc#.bias_mu", "fc#.bias_sigma"],
      layout: .inputOutput),
  ]

  private func file(_ example: Example, format: TensorFile.Format = .pytorch) -> TensorFile {
    let sizes = [(3, 2), (2, 4)]
    var tensors: [Tensor] = []
    for (number, (inputs, outputs)) in zip(example.numbers, sizes) {
      let names = example.names.map { $0.replacingOccurrences(of: "#", with: number) }
      let (rows, columns) =
        example.layout == .outputInput ? (outputs, inputs) : (inputs, outputs)
      tensors += [
        .ramp(names[0], rows, columns), .ramp(names[1], rows, columns, factor: 2),
        .ramp(names[2], outputs, factor: 3), .ramp(names[3], outputs, factor: 4),
      ]
    }
    return TensorFile(tensors, format: format)
  }

  private func expectLayers(of example: Example, in posterior: Posterior) throws {
    #expect(posterior.convention == Convention(name: example.convention, formula: example.formula))
    let layout = example.layout == .outputInput ? "out,in" : "in,out"
    #expect(
      posterior.parameters.map(\.summary) == [
        "\(example.layers[0]) 3→2 \(layout) +b", "\(example.layers[1]) 2→4 \(layout) +b",
      ])
    #expect(posterior.obstacle == nil)
    #expect(posterior.network?.layerSizes?.sizes == [3, 2, 4])
    #expect(posterior.warnings == [])
  }

  @Test(arguments: examples)
  func `a library's file is recognised`(example: Example) throws {
    let posterior = try Posterior(file(example))
    try expectLayers(of: example, in: posterior)
    for (layer, number) in zip(posterior.parameters, example.numbers) {
      let names = example.names.map { $0.replacingOccurrences(of: "#", with: number) }
      let bias = try #require(layer.bias)
      #expect([layer.weight.mean.name, layer.weight.scale?.name] == Array(names[..<2]))
      #expect([bias.mean.name, bias.scale?.name] == Array(names[2...]))
    }
  }

  @Test(arguments: examples)
  func `the order of tensors in the file does not matter`(example: Example) throws {
    let tensors = file(example).tensors
    let shuffled = [5, 2, 7, 0, 4, 3, 6, 1].map { tensors[$0] }
    try expectLayers(of: example, in: try Posterior(TensorFile(shuffled, format: .safetensors)))
  }

  @Test(arguments: examples.filter { $0.convention != "plain pairs" })
  func `a mean without its scale is an error that names both`(example: Example) throws {
    let names = example.names.map { $0.replacingOccurrences(of: "#", with: example.numbers[1]) }
    let tensors = file(example).tensors.filter { $0.name != names[1] }
    let error = try #require(failure(of: TensorFile(tensors)))
    #expect(error.code == .incomplete)
    #expect(error.message.contains("\"\(names[0])\" is a mean"))
    #expect(error.message.contains("\"\(names[1])\""))
  }

  @Test(arguments: examples.filter { $0.convention != "plain pairs" })
  func `a scale without its mean is an error that names both`(example: Example) throws {
    let names = example.names.map { $0.replacingOccurrences(of: "#", with: example.numbers[0]) }
    let tensors = file(example).tensors.filter { $0.name != names[0] }
    let error = try #require(failure(of: TensorFile(tensors)))
    #expect(error.code == .incomplete)
    #expect(error.message.contains("\"\(names[1])\" gives a standard deviation"))
    #expect(error.message.contains("\"\(names[0])\""))
  }

  @Test func `another kind of scale can be said`() throws {
    // Pyro before 1.5 used the exponential where softplus is used now.
    let example = try #require(Self.examples.first { $0.convention.hasPrefix("Pyro") })
    let posterior = try Posterior(file(example), options: .init(scaleKind: .logStandardDeviation))
    #expect(posterior.convention.formula == "σ = exp(log σ)")
  }
}
