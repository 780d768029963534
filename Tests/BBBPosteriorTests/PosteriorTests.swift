import BBBNetwork
import BBBTensors
import Testing

@testable import BBBPosterior

struct PosteriorTests {
  private func file(_ metadata: [String: String] = [:]) -> TensorFile {
    TensorFile(
      [
        .ramp("fc1.weight_mu", 4, 3), .ramp("fc1.weight_rho", 4, 3), .ramp("fc2.weight_mu", 2, 4),
        .ramp("fc2.weight_rho", 2, 4),
      ], format: .safetensors, metadata: metadata)
  }

  @Test(
    arguments: [
      ([:], nil), (["pixel_divisor": "126"], 1.0 / 126), (["input_scale": "1/126"], 1.0 / 126),
      (["input_scale": "0.0079"], 0.0079),
      (["input_scale": "1 / 255", "pixel_divisor": "126"], 1.0 / 255),
    ] as [([String: String], Double?)])
  func `the input scale is read from the metadata`(
    metadata: [String: String], scale: Double?
  ) throws {
    #expect(try Posterior(file(metadata)).interface.inputScaling?.factor == scale)
  }

  @Test(arguments: ["0", "-1/255", "1/0", "nan", "1/2/3", "", "many"])
  func `an input scale that is no positive number is an error`(text: String) {
    let error = failure(of: file(["input_scale": text]))
    #expect(error?.code == .invalidValue)
    #expect(error?.message.contains("input_scale is \"\(text)\"") == true)
  }

  @Test func `the user's input scale comes first`() throws {
    let posterior = try Posterior(
      file(["pixel_divisor": "126"]), options: .init(inputScale: 1.0 / 255))
    #expect(posterior.interface.inputScaling == .pixels)
    #expect(failure(of: file(), .init(inputScale: 0))?.code == .invalidOption)
    #expect(failure(of: file(), .init(inputScale: .nan))?.code == .invalidOption)
  }

  @Test func `a model of which nothing is used is refused`() {
    let model = TensorFile([.ramp("fc1.weight", 4, 3), .ramp("fc2.weight", 2, 4)])
    let error = failure(of: file(), .init(model: model))
    #expect(error?.code == .invalidOption)
    #expect(
      error?.message.hasPrefix("nothing of --model ") == true
        && error?.message.hasSuffix("leave --model out") == true, "\(error?.message ?? "")")
    // Its batch normalisation is something.
    let normalised = TensorFile(
      [.ramp("bn1.running_mean", 4), .ramp("bn1.running_var", 4), .ramp("bn1.weight", 4)])
    #expect(failure(of: file(), .init(model: normalised))?.code != .invalidOption)
  }

  @Test func `an activation that is not known keeps a network from being run`() throws {
    #expect(try Posterior(file(["arch": "3-4-2 ReLU"])).network != nil)
    #expect(try Posterior(file(["arch": "3-4-2"])).network != nil)
    let unknown = try Posterior(file(["arch": "3-4-2 maxout"]))
    #expect(
      unknown.obstacle?.hasPrefix(
        "its metadata names the activation \"maxout\", which is not known here") == true)
    let said = try Posterior(
      file(["arch": "3-4-2 maxout"]), options: PosteriorOptions(activation: .tanh))
    #expect(said.obstacle == nil)
    #expect(said.network?.layerSizes?.activation == .tanh)
  }

  @Test(
    arguments: [
      ([:], nil), (["arch": "3-4-2 tanh"], .tanh), (["activation": "leaky_relu"], .leakyRelu),
      (["activation": "Swish"], .silu), (["arch": "3-4-2 relu", "activation": "gelu"], .gelu),
      (["arch": "mlp 3-4-2"], nil),
    ] as [([String: String], Activation?)])
  func `the activation is read from the metadata`(
    metadata: [String: String], activation: Activation?
  ) throws {
    let posterior = try Posterior(file(metadata))
    #expect(posterior.network?.layerSizes?.activation == activation ?? .relu)
    #expect(posterior.assumptions.contains(.activation(.relu)) == (activation == nil))
  }

  @Test(
    arguments: [
      ([:], nil), (["output": "classes"], .classes),
      (["output": "numbers:0.5"], .numbers(noiseDeviation: 0.5)),
      (["output": "mean-and-log-variance"], .meanAndLogVariance),
      (["likelihood": "categorical"], .classes),
      (["likelihood": "gaussian 0.02"], .numbers(noiseDeviation: 0.02)),
      (["likelihood": "poisson"], nil),
    ] as [([String: String], OutputMeaning?)])
  func `what the outputs are is read from the metadata`(
    metadata: [String: String], output: OutputMeaning?
  ) throws {
    #expect(try Posterior(file(metadata)).interface.output == output)
  }

  @Test func `means and deviations of the inputs are read from the metadata`() throws {
    let network = try Posterior(
      file(["input_mean": "0.1, 0.2, 0.3", "input_deviation": "2", "input_scale": "1/126"])
    ).interface
    #expect(
      network.inputScaling
        == InputScaling(factor: 1.0 / 126, means: [0.1, 0.2, 0.3], deviations: [2]))
    #expect(failure(of: file(["input_mean": "many"]))?.code == .invalidValue)
    #expect(failure(of: file(["input_deviation": "0"]))?.code == .invalidValue)
    #expect(failure(of: file(["output": "pictures"]))?.code == .invalidValue)
    // Three inputs are no two channels.
    #expect(
      try Posterior(file(["input_mean": "0.1,0.2"])).obstacle?.contains("2 channels")
        == true)
  }

  @Test func `the user comes first, and is told where the metadata say otherwise`() throws {
    let metadata = [
      "activation": "tanh", "output": "classes", "input_scale": "1/126", "input_mean": "0.5",
    ]
    let agreed = try Posterior(
      file(metadata),
      options: PosteriorOptions(inputScale: 1.0 / 126, activation: .tanh, output: .classes))
    #expect(agreed.warnings.isEmpty)
    let contradicted = try Posterior(
      file(metadata),
      options: PosteriorOptions(
        inputScale: 1, inputMeans: [0.25], activation: .gelu, output: .meanAndLogVariance))
    #expect(contradicted.network?.layerSizes?.activation == .gelu)
    #expect(contradicted.interface.output == .meanAndLogVariance)
    #expect(contradicted.interface.inputScaling == InputScaling(factor: 1, means: [0.25]))
    #expect(
      contradicted.warnings == [
        "--activation gelu is taken, though the file's metadata say tanh",
        "--output mean-and-log-variance is taken, though the file's metadata say classes",
        "--input-scale 1.0 is taken, though the file's metadata say \(1.0 / 126)",
        "--input-mean 0.25 is taken, though the file's metadata say 0.5",
      ])
  }

  @Test func `what neither file nor user says is assumed, and listed`() throws {
    #expect(
      try Posterior(file()).assumptions == [
        .chain, .activation(.relu), .inputFactor(1.0 / 255), .output(.classes),
      ])
    #expect(
      try Posterior(
        file(["arch": "3-4-2 relu", "likelihood": "categorical", "pixel_divisor": "126"])
      ).assumptions.isEmpty)
    // Means alone do not say what a byte is multiplied by.
    #expect(
      try Posterior(
        file(["output": "numbers"]), options: PosteriorOptions(inputMeans: [0.5], activation: .elu)
      ).assumptions == [.chain, .inputFactor(1.0 / 255)])
  }

  @Test func `outputs that cannot be what is said keep a network from being run`() throws {
    let posterior = try Posterior(file(), options: PosteriorOptions(output: .binary))
    #expect(posterior.obstacle?.contains("--output binary") == true)
  }

  @Test func `sizes that the user states are checked`() throws {
    #expect(try Posterior(file(), options: .init(layerSizes: [3, 4, 2])).parameters.count == 2)
    #expect(
      failure(of: file(), .init(layerSizes: [3, 5, 2]))?.message
        == "--layers says 3,5,2 but the file's layers are 3,4,2")
    for sizes in [[], [784], [784, 0, 10], [784, .max], [Int](repeating: 4, count: 1001)] {
      #expect(failure(of: file(), .init(layerSizes: sizes))?.code == .invalidOption)
    }
  }

  @Test func `an unknown file is answered with what it holds and an example from its names`() {
    let tensors = (1...20).flatMap { index -> [Tensor] in
      [.ramp("enc.\(index).centre", 2, 2), .ramp("enc.\(index).spread", 2, 2)]
    }
    let error = failure(of: TensorFile(tensors))
    #expect(error?.code == .unrecognised)
    #expect(
      error?.message.hasPrefix(
        """
        its tensors follow no convention known here; say which are the means and the standard \
        deviations, for example --mean '*.centre' --scale '*.spread' --scale-is sigma; found: \
        enc.1.centre 2×2 F32, enc.1.spread 2×2 F32,
        """) == true)
    #expect(error?.message.hasSuffix("enc.15.spread 2×2 F32, … and 10 more") == true)
  }

  @Test(arguments: [
    (
      "fc.weight_std_est", "fc.weight_mean_est",
      "--mean '*_mean_est' --scale '*_std_est' --scale-is sigma"
    ),
    ("centre/fc", "rho/fc", "--mean 'centre/*' --scale 'rho/*' --scale-is rho"),
    ("fc.centre", "fc.q_log_std", "--mean '*.centre' --scale '*.q_log_std' --scale-is log-sigma"),
    ("fc1.centre", "fc2.centre", "--mean '*.mean' --scale '*.std' --scale-is sigma"),
  ])
  func `the example fits the names where they suggest one`(
    first: String, second: String, example: String
  ) {
    let error = failure(of: TensorFile([.ramp(first, 2, 2), .ramp(second, 2, 2)]))
    #expect(error?.message.contains("for example \(example);") == true)
  }

  @Test(arguments: ["fc.weight_mu", "fc.mu_weight", "fc.mean"])
  func `means without standard deviations are named`(name: String) {
    let error = failure(of: TensorFile([.ramp(name, 2, 2), .ramp("fc.noise", 2)]))
    #expect(error?.code == .incomplete)
    #expect(error?.message.hasPrefix("\"\(name)\" looks like a mean") == true)
  }

  @Test func `in a file of pairs no mean may stand alone`() {
    let error = failure(
      of: TensorFile([
        .ramp("fc1.mu", 4, 3), .ramp("fc1.rho", 4, 3), .ramp("fc2.mu", 2, 4),
      ]))
    #expect(
      error?.message == """
        "fc2.mu" is a mean but no standard deviation stands beside it, as "fc1.rho" does beside \
        "fc1.mu"; save both
        """)
  }

  @Test func `group scales are refused`() {
    let error = failure(
      of: TensorFile([
        .ramp("fc.weight_mu", 4, 3), .ramp("fc.weight_logvar", 4, 3), .ramp("fc.z_mu", 3),
        .ramp("fc.z_logvar", 3),
      ]))
    #expect(error?.code == .unsupported)
  }

  @Test func `files with nothing to prune are errors`() {
    #expect(failure(of: TensorFile([]))?.code == .unrecognised)
    let labels = Tensor(name: "labels", shape: [2], bytes: [1, 2])
    #expect(failure(of: TensorFile([labels]))?.message.contains("no floating-point tensor") == true)
    let vector = TensorFile([.ramp("x.loc", 3), .ramp("x.spread", 3)])
    let options = PosteriorOptions(
      meanPattern: "*.loc", scalePattern: "*.spread", scaleKind: .standardDeviation)
    #expect(failure(of: vector, options) != nil)
  }

  @Test func `names in messages cannot steer the terminal`() throws {
    let pair: [Tensor] = [.ramp("fc.weight_mu", 2, 3), .ramp("fc.weight_rho", 2, 3)]
    let warning = try #require(
      try Posterior(TensorFile(pair + [.ramp("\u{1B}[2J.weight", 3)])).warnings.first)
    #expect(warning.contains("\u{FFFD}[2J.weight"))
    #expect(!warning.contains("\u{1B}"))
    let error = failure(of: TensorFile([.ramp("\u{1B}[2J.centre", 2, 2)]))
    #expect(error?.message.contains("\u{FFFD}[2J.centre") == true)
    #expect(error?.message.contains("\u{1B}") == false)
  }

  @Test func `scalars beside the network are left out and mentioned`() throws {
    let posterior = try Posterior(
      TensorFile(
        [
          .ramp("W1_auto_loc", 3, 4), .ramp("W1_auto_scale", 3, 4),
          Tensor(name: "noise_auto_loc", shape: [], floats: [1]),
          Tensor(name: "noise_auto_scale", shape: [], floats: [1]),
        ], format: .npz))
    #expect(posterior.parameters.map(\.summary) == ["W1 3→4 in,out"])
    #expect(posterior.warnings.first?.contains("noise") == true)
  }
}
