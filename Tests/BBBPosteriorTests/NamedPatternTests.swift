import BBBTensors
import Testing

@testable import BBBPosterior

/// `--mean`, `--scale` and `--scale-is`, for files that follow no convention.
struct NamedPatternTests {
  private let file = TensorFile([
    .ramp("fc1.weight_center", 4, 3), .ramp("fc1.weight_spread", 4, 3),
    .ramp("fc1.bias_center", 4), .ramp("fc1.bias_spread", 4),
    .ramp("fc2.weight_center", 2, 4), .ramp("fc2.weight_spread", 2, 4),
    .ramp("fc2.bias_center", 2),
  ])

  @Test func `a pattern for weights finds the biases too`() throws {
    let posterior = try Posterior(
      file,
      options: .init(
        meanPattern: "*.weight_center", scalePattern: "*.weight_spread", scaleKind: .logVariance))
    #expect(posterior.parameters.map(\.summary) == ["fc1 3→4 out,in +b", "fc2 4→2 out,in +b"])
    #expect(posterior.parameters.map { $0.bias?.scale?.name } == ["fc1.bias_spread", nil])
    #expect(posterior.convention.name == "named: *.weight_center with *.weight_spread")
    #expect(posterior.convention.formula == "σ = exp(½ log σ²)")
  }

  @Test func `a pattern for all parameters tells biases by their shape`() throws {
    let complete = TensorFile(file.tensors + [.ramp("fc2.bias_spread", 2)])
    let posterior = try Posterior(
      complete,
      options: .init(meanPattern: "*_center", scalePattern: "*_spread", scaleKind: .rho))
    #expect(posterior.parameters.map(\.summary) == ["fc1 3→4 out,in +b", "fc2 4→2 out,in +b"])
    #expect(
      posterior.parameters.map { $0.bias?.scale?.name } == ["fc1.bias_spread", "fc2.bias_spread"])
  }

  @Test func `the shared part may come last, and be the whole name`() throws {
    let tensors: [Tensor] = [
      .ramp("center.fc1", 4, 3), .ramp("spread.fc1", 4, 3), .ramp("fc2", 2, 4),
      .ramp("fc2.spread", 2, 4),
    ]
    let first = try Posterior(
      TensorFile(tensors),
      options: .init(
        meanPattern: "center.*", scalePattern: "spread.*", scaleKind: .standardDeviation))
    #expect(first.parameters.map(\.summary) == ["fc1 3→4 out,in"])
    let second = try Posterior(
      TensorFile(tensors),
      options: .init(meanPattern: "*", scalePattern: "*.spread", scaleKind: .standardDeviation))
    #expect(second.parameters.map(\.summary) == ["fc2 4→2 out,in"])
  }

  @Test func `the kind of scale may be in its name`() throws {
    let posterior = try Posterior(
      TensorFile([.ramp("fc.center", 2, 3), .ramp("fc.q_log_std", 2, 3)]),
      options: .init(meanPattern: "*.center", scalePattern: "*.q_log_std"))
    #expect(posterior.convention.formula == "σ = exp(log σ)")
  }

  @Test(
    arguments: [
      ("*.a", nil, nil, "--mean and --scale belong together"),
      (nil, "*.b", nil, "--mean and --scale belong together"),
      ("a", "*.b", ScaleKind.rho, "exactly one *"), ("*.*", "*.b", .rho, "exactly one *"),
      ("*.a", "*.b", nil, "--scale-is, one of: sigma, rho, log-sigma, log-variance"),
    ] as [(String?, String?, ScaleKind?, String)])
  func `options that make no sense are errors`(
    mean: String?, scale: String?, kind: ScaleKind?, words: String
  ) {
    let options = PosteriorOptions(meanPattern: mean, scalePattern: scale, scaleKind: kind)
    let error = failure(of: file, options)
    #expect(error?.code == .invalidOption)
    #expect(error?.message.contains(words) == true)
  }

  @Test func `patterns that fit nothing list what there is`() {
    let options = PosteriorOptions(meanPattern: "*.m", scalePattern: "*.s", scaleKind: .rho)
    let error = failure(of: file, options)
    #expect(error?.code == .unrecognised)
    #expect(error?.message.contains("fc1.weight_center 4×3 F32, fc1.weight_spread") == true)
  }

  @Test(arguments: [
    ("*.mu", "fc.mu", "fc"), ("*.mu", "mu", ""), ("*_mu", "_mu", ""), ("locs.*", "a/b.locs.x", "x"),
    ("locs.*_u", "locs.x_u", "x"), ("*", "x", "x"),
  ])
  func `a name is taken apart and put together again`(
    pattern: String, name: String, stem: String
  ) throws {
    let pattern = try #require(NamePattern(pattern))
    let match = try #require(pattern.match(name))
    #expect(match.stem == stem)
    #expect(pattern.name(for: match) == name)
  }

  @Test(arguments: [("*.mu", "fcmu"), ("locs.*", "xlocs.y"), ("locs.*", "locs."), ("*.mu", "mu.x")])
  func `names that do not fit are not taken apart`(pattern: String, name: String) throws {
    #expect(try #require(NamePattern(pattern)).match(name) == nil)
  }
}
