import BBBNetwork
import BBBPosterior
import BBBTensors
import TestSupport
import Testing

@Suite("A network that the user describes")
struct NetworkBindingTests {
  /// A convolution and a linear layer behind it, as bayesian-torch saves them.
  private func file(
    _ metadata: [String: String] = [:], convolution: String = "conv", linear: String = "fc"
  ) throws -> TensorFile {
    TensorFile(
      [
        .ramp("\(convolution).mu_kernel", 4, 1, 3, 3),
        .ramp("\(convolution).rho_kernel", 4, 1, 3, 3),
        .ramp("\(convolution).mu_bias", 4), .ramp("\(convolution).rho_bias", 4),
        .ramp("\(linear).mu_weight", 2, 16), .ramp("\(linear).rho_weight", 2, 16),
      ], metadata: metadata)
  }

  private static let text = """
    input 1 6 6
    conv = convolution 4 3x3
    max-pool 2x2
    flatten
    fc = linear 2 without-bias
    """

  private func posterior(_ text: String, _ file: TensorFile) throws -> Posterior {
    try Posterior(file, options: PosteriorOptions(network: try Network(text: text)))
  }

  @Test("has its weights by name")
  func names() throws {
    let posterior = try posterior(Self.text, file())
    let binding = try posterior.binding.get()
    #expect(binding.parameters == [0, 1])
    #expect(binding.weights.map(\.count) == [36, 32])
    #expect(posterior.obstacle == nil)
    #expect(!posterior.assumptions.contains(.shapes))
  }

  private static let embedding = """
    input 2 4
    position = constant 2 4
    add position input
    flatten
    fc = linear 2 without-bias
    """

  @Test(
    "has constants, whose numbers are tensors of their names",
    arguments: ["position", "position.bias", "model.position"])
  func constants(name: String) throws {
    let file = TensorFile([
      .ramp(name, 1, 2, 4), .ramp("fc.mu_weight", 2, 8), .ramp("fc.rho_weight", 2, 8),
    ])
    let posterior = try posterior(Self.embedding, file)
    let binding = try posterior.binding.get()
    #expect(binding.parameters == [1, 0])
    let constant = posterior.parameters[1]
    #expect(constant.isConstant && !constant.isCertain)
    #expect(constant.bias?.mean.name == name && constant.bias?.scale == nil)
    #expect(constant.weight.count == 0)
    #expect(posterior.warnings == [])
    #expect(posterior.tensorsLeftOut(of: file).isEmpty)
  }

  @Test("has constants with standard deviations, and names those that the file lacks")
  func uncertainConstants() throws {
    let weights: [Tensor] = [.ramp("fc.mu_weight", 2, 8), .ramp("fc.rho_weight", 2, 8)]
    let posterior = try posterior(
      Self.embedding,
      TensorFile(weights + [.ramp("position.mu_bias", 8), .ramp("position.rho_bias", 8)]))
    #expect(posterior.parameters[1].bias?.scale?.name == "position.rho_bias")
    #expect {
      try self.posterior(Self.embedding, TensorFile(weights + [.ramp("position", 7)]))
    } throws: { error in
      "\(error)".contains(
        "the file has no tensor of 8 numbers called position.bias or position, which a constant of the network is to have"
      ) || "\(error)".contains("more than the network's weights and biases (position)")
    }
  }

  @Test("may stand in the file's metadata, and the user's comes first")
  func metadata() throws {
    let line = try Network(text: Self.text).textInOneLine
    let said = try Posterior(file(["network": line]))
    #expect(said.network?.textInOneLine == line)
    let other = Self.text.replacing("max-pool", with: "average-pool")
    let chosen = try posterior(other, file(["network": line]))
    #expect(try chosen.network == Network(text: other))
    #expect(chosen.warnings.contains { $0.hasPrefix("--network is taken") })
  }

  @Test("is found by shapes where names are others, which is said")
  func shapes() throws {
    let posterior = try posterior(Self.text, file(convolution: "features.0", linear: "head"))
    #expect(try posterior.binding.get().parameters == [0, 1])
    #expect(posterior.assumptions.contains(.shapes))
  }

  @Test(
    "that does not fit is refused with what differs",
    arguments: [
      (
        "conv = convolution 4 5x5; flatten; fc = linear 2 without-bias",
        "conv 4×1×5×5 of the network does not fit conv 4×1×3×3 of the file"
      ),
      (
        "conv = convolution 4 3x3; max-pool 2x2; flatten; fc = linear 2",
        "fc has no bias in the file; write 'without-bias' in the network's line"
      ),
      (
        "conv = convolution 4 3x3 without-bias; max-pool 2x2; flatten; fc = linear 2 without-bias",
        "conv has a bias in the file; leave out 'without-bias' in the network's line"
      ),
      ("conv = convolution 4 3x3", "the network has no line for fc 2×16 of the file"),
      (
        "a = convolution 4 3x3; max-pool 2x2; flatten; b = linear 3",
        "neither names nor shapes say which weights are which: the network has a 4×1×3×3, b 3×16, and the file has "
          + "conv 4×1×3×3, fc 2×16"
      ),
    ])
  func refusals(lines: String, reason: String) throws {
    let network = try Network(text: "input 1 6 6; " + lines)
    let error = try #require(failure(of: file(), PosteriorOptions(network: network)))
    #expect(error.message.hasPrefix("--network does not fit: " + reason), "\(error.message)")
  }

  @Test("in metadata that does not fit leaves a file of weights")
  func wrongMetadata() throws {
    let posterior = try Posterior(
      file(["network": "input 1 6 6; conv = convolution 4 3x3; flatten"]))
    #expect(posterior.obstacle?.contains("no line for fc") == true)
    #expect(posterior.parameters.count == 2)
    let error = try #require(failure(of: file(["network": "input 4; b"])))
    #expect(error.message.contains("line 1: 'b' is no operation"))
  }

  @Test("takes kernels of TensorFlow and JAX as they are arranged")
  func channelsLast() throws {
    let file = TensorFile([
      .ramp("conv/kernel_posterior_loc:0", 3, 3, 2, 4),
      .ramp("conv/kernel_posterior_untransformed_scale:0", 3, 3, 2, 4),
    ])
    let posterior = try posterior("input 2 6 6; conv = convolution 4 3x3 without-bias", file)
    #expect(
      try posterior.binding.get().weights == [
        WeightShape(rows: 4, channels: 2, taps: 9, order: .inputOutput)
      ])
  }

  @Test("and an activation for chains contradict each other")
  func contradiction() throws {
    let network = try Network(text: Self.text)
    let error = try #require(
      failure(of: file(), PosteriorOptions(network: network, activation: .tanh)))
    #expect(
      error.message
        == "--activation tanh and --network both say what the network is; leave one out")
  }
}
