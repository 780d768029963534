import BBBTensors
import Testing

@testable import BBBPosterior

/// Where batch normalisations stand, as names, the order of the file and sizes tell.
struct BatchNormalisationTests {
  private static func layer(_ name: String, _ outputs: Int, _ inputs: Int) -> [Tensor] {
    [
      .ramp(name + ".mu_weight", outputs, inputs), .ramp(name + ".rho_weight", outputs, inputs),
      .ramp(name + ".mu_bias", outputs), .ramp(name + ".rho_bias", outputs),
    ]
  }

  private static func normalisation(_ name: String, _ count: Int) -> [Tensor] {
    [
      .ramp(name + ".weight", count), .ramp(name + ".bias", count),
      .ramp(name + ".running_mean", count), .ramp(name + ".running_var", count),
      Tensor(name: name + ".num_batches_tracked", shape: [], bytes: [9]),
    ]
  }

  /// Where each normalisation stands, such as `1: outputs of 0`.
  private static func places(_ posterior: Posterior) -> [String] {
    posterior.parameters.flatMap { layer in
      [
        layer.inputNormalisation.map { "\($0.name): inputs of \(layer.name)" },
        layer.outputNormalisation.map { "\($0.name): outputs of \(layer.name)" },
      ].compactMap(\.self)
    }
  }

  /// The small network 3-4-4-2 with modules of those names, in the order of the file.
  private static func network(
    _ modules: [String], format: TensorFile.Format = .pytorch, normalised: Set<String>
  ) -> TensorFile {
    var sizes = [(4, 3), (4, 4), (2, 4)]
    return TensorFile(
      modules.flatMap { name -> [Tensor] in
        if normalised.contains(name) { return normalisation(name, 4) }
        let size = sizes.removeFirst()
        return layer(name, size.0, size.1)
      }, format: format)
  }

  @Test(arguments: [
    (["0", "1", "3", "5"], "1", "1: outputs of 0", true),
    (["0", "2", "3", "5"], "2", "2: inputs of 3", true),
    (["0", "3", "5", "7"], "3", "3: inputs of 5", false),
    (["0", "2", "3", "4"], "3", "3: outputs of 2", false),
    (["fc1", "bn1", "fc2", "fc3"], "bn1", "bn1: outputs of fc1", false),
    (["fc1", "fc2", "fc3", "bn2"], "bn2", "bn2: outputs of fc2", false),
    (["a", "norm", "b", "c"], "norm", "norm: outputs of a", false),
    (["a", "b", "norm", "c"], "norm", "norm: outputs of b", false),
    (["b.0.fc", "b.0.bn", "b.1.fc", "out"], "b.0.bn", "b.0.bn: outputs of b.0.fc", false),
  ])
  func `names and the order of the file say where it stands`(
    modules: [String], name: String, place: String, isCertain: Bool
  ) throws {
    let posterior = try Posterior(Self.network(modules, normalised: [name]))
    #expect(Self.places(posterior) == [place])
    #expect(posterior.network?.layerSizes?.sizes == [3, 4, 4, 2])
    let warning = try #require(posterior.warnings.first)
    #expect(posterior.warnings.count == 1 && warning.contains("ε = 1e-05"))
    #expect(warning.contains("as is assumed") == !isCertain)
  }

  @Test func `a normalisation of the inputs stands before the first layer`() throws {
    let posterior = try Posterior(
      TensorFile(Self.normalisation("0", 3) + Self.layer("1", 4, 3) + Self.layer("3", 2, 4)))
    #expect(Self.places(posterior) == ["0: inputs of 1"])
  }

  @Test func `where nothing says which layer it belongs to the network is not run`() throws {
    // Safetensors files are sorted by name; both hidden layers have four units.
    let posterior = try Posterior(
      Self.network(["a", "b", "c", "norm"], format: .safetensors, normalised: ["norm"]))
    #expect(Self.places(posterior) == [])
    #expect(posterior.obstacle?.contains("batch normalisation norm of 4 units") == true)
    let twice = try Posterior(
      Self.network(["fc1", "bn1", "norm1", "fc2", "fc3"], normalised: ["bn1", "norm1"]))
    #expect(twice.network == nil)
    let misfit = try Posterior(
      TensorFile(Self.layer("0", 4, 3) + Self.normalisation("1", 5) + Self.layer("3", 2, 4)))
    #expect(misfit.obstacle?.contains("normalisation 1 of 5 units") == true)
    #expect(misfit.warnings.first?.contains("1.running_mean") == true)
  }

  @Test func `its coefficients are those of Ioffe and Szegedy`() throws {
    let (scale, shift, mean, variance): ([Float], [Float], [Float], [Float]) = (
      [2, -1, 0], [0.5, 0, 3], [1, -2, 7], [4, 0.25, 0]
    )
    let posterior = try Posterior(
      TensorFile(
        Self.layer("0", 3, 2) + [
          Tensor(name: "1.weight", shape: [3], floats: scale),
          Tensor(name: "1.bias", shape: [3], floats: shift),
          Tensor(name: "1.running_mean", shape: [3], floats: mean),
          Tensor(name: "1.running_var", shape: [3], floats: variance),
        ]))
    let normalisation = try #require(posterior.parameters.first?.outputNormalisation)
    let (factors, shifts) = try normalisation.coefficients()
    for unit in 0..<3 {
      // At two inputs, by the definition.
      for x in [-1.5, 2] {
        let expected =
          (x - Double(mean[unit])) / (Double(variance[unit]) + 1e-5).squareRoot()
          * Double(scale[unit]) + Double(shift[unit])
        #expect(abs(factors[unit] * x + shifts[unit] - expected) < 1e-12)
      }
    }
  }

  @Test func `without γ and β they are 1 and 0`() throws {
    let posterior = try Posterior(
      TensorFile(
        Self.layer("fc1", 4, 3) + [.ramp("bn1.running_mean", 4), .ramp("bn1.running_var", 4)]
          + Self.layer("fc2", 2, 4)))
    let normalisation = try #require(posterior.parameters.first?.outputNormalisation)
    let (factors, shifts) = try normalisation.coefficients()
    #expect(abs(factors[0] - 1 / (0.01 + 1e-5).squareRoot()) < 1e-6)
    #expect(abs(shifts[0] + 0.01 * factors[0]) < 1e-6)
  }

  @Test func `of one with a posterior of its own the means are used, and none is ranked`() throws {
    let posterior = try Posterior(
      TensorFile([
        .ramp("0.weight_mu", 4, 3), .ramp("0.weight_log_sigma", 4, 3),
        .ramp("1.weight_mu", 4, factor: 3), .ramp("1.weight_log_sigma", 4),
        .ramp("1.bias_mu", 4), .ramp("1.bias_log_sigma", 4),
        .ramp("1.running_mean", 4), .ramp("1.running_var", 4),
        .ramp("3.weight_mu", 2, 4), .ramp("3.weight_log_sigma", 2, 4),
      ]))
    #expect(posterior.parameters.map(\.summary) == ["0 3→4 out,in", "3 4→2 out,in"])
    let normalisation = try #require(posterior.parameters.first?.outputNormalisation)
    let factors = try normalisation.coefficients().factors
    #expect(abs(factors[0] - 0.03 / (0.01 + 1e-5).squareRoot()) < 1e-6)
    #expect(posterior.warnings.first?.contains("of 1, which have a posterior") == true)
    #expect(posterior.network?.layerSizes?.sizes == [3, 4, 2])
  }

  @Test func `Keras has other names and another ε`() throws {
    let posterior = try Posterior(
      TensorFile(
        [
          .ramp("dense/kernel_posterior_loc:0", 3, 4),
          .ramp("dense/kernel_posterior_untransformed_scale:0", 3, 4),
          .ramp("batch_normalization/gamma:0", 4), .ramp("batch_normalization/beta:0", 4),
          .ramp("batch_normalization/moving_mean:0", 4),
          .ramp("batch_normalization/moving_variance:0", 4),
          .ramp("dense_1/kernel_posterior_loc:0", 4, 2),
          .ramp("dense_1/kernel_posterior_untransformed_scale:0", 4, 2),
        ], format: .npz))
    #expect(posterior.parameters.first?.outputNormalisation?.epsilon == 1e-3)
    #expect(posterior.network?.layerSizes?.sizes == [3, 4, 2])
  }

  @Test(arguments: ["ln1", "norm", "layers.0.layer_norm", "bn1"])
  func `a normalisation without running statistics is named and not run`(name: String) throws {
    let posterior = try Posterior(
      TensorFile(
        Self.layer("fc1", 4, 3) + [.ramp(name + ".weight", 4), .ramp(name + ".bias", 4)]
          + Self.layer("fc2", 2, 4)))
    #expect(
      posterior.obstacle?.contains("normalisation without running statistics (\(name)")
        == true)
  }

  @Test func `a negative variance is an error`() throws {
    let posterior = try Posterior(
      TensorFile(
        Self.layer("0", 1, 2) + [
          .ramp("1.running_mean", 1),
          Tensor(name: "1.running_var", shape: [1], floats: [-1]),
        ]))
    let normalisation = try #require(posterior.parameters.first?.outputNormalisation)
    let error = #expect(throws: PosteriorError.self) { try normalisation.coefficients() }
    #expect(error?.message.contains("\"1.running_var\" holds -1.0 at index 0") == true)
  }
}
