import BBBTensors
import Testing

@testable import BBBPosterior

/// Posteriors whose parameters lie end to end: 2 inputs, 3 hidden units, 1 output, so 13 elements.
struct FlatPosteriorTests {
  private let model = TensorFile(
    [
      .ramp("fc1.weight", 3, 2), .ramp("fc1.bias", 3), .ramp("bn.running_mean", 3),
      .ramp("fc2.weight", 1, 3), .ramp("fc2.bias", 1),
    ])

  private func vectors(_ mean: String, _ scale: String, count: Int = 13) -> [Tensor] {
    [
      Tensor(name: mean, shape: [count], doubles: (0..<count).map { Double($0) }),
      Tensor(name: scale, shape: [count], doubles: (0..<count).map { 0.5 + Double($0) }),
    ]
  }

  /// The means of each layer's weight and bias.
  private func means(_ posterior: Posterior) throws -> [[Double]] {
    try posterior.parameters.flatMap { try [$0.weight.means(), $0.bias?.means() ?? []] }
  }

  static let torchOrder: [[Double]] = [[0, 1, 2, 3, 4, 5], [6, 7, 8], [9, 10, 11], [12]]

  @Test(arguments: [
    ("loc", "scale_unconstrained"), ("guide/loc", "guide/scale_unconstrained"),
    ("params/AutoDiagonalNormal.loc", "params/AutoDiagonalNormal.scale"),
  ])
  func `Pyro's sites follow the model's order`(mean: String, scale: String) throws {
    let file = TensorFile(vectors(mean, scale))
    let withModel = try Posterior(file, options: .init(model: model))
    #expect(withModel.convention.name == "Pyro AutoDiagonalNormal")
    #expect(withModel.parameters.map(\.summary) == ["fc1 2→3 out,in +b", "fc2 3→1 out,in +b"])
    #expect(try means(withModel) == Self.torchOrder)
    let deviations = try #require(try withModel.parameters.last?.bias?.standardDeviations())
    #expect(deviations == [ScaleParametrisation.softplus().standardDeviation(12.5)])

    let withSizes = try Posterior(file, options: .init(layerSizes: [2, 3, 1]))
    #expect(
      withSizes.parameters.map(\.summary) == ["layer1 2→3 out,in +b", "layer2 3→1 out,in +b"])
    #expect(try means(withSizes) == Self.torchOrder)
    #expect(withSizes.parameters[1].weight.mean.name == "\(mean)[9:12]")
  }

  @Test func `sizes that fit only without biases are read so`() throws {
    let file = TensorFile(vectors("loc", "scale_unconstrained", count: 9))
    let posterior = try Posterior(file, options: .init(layerSizes: [2, 3, 1]))
    #expect(posterior.parameters.map(\.summary) == ["layer1 2→3 out,in", "layer2 3→1 out,in"])
  }

  @Test func `a sorted file is brought back into the model's order`() throws {
    let sorted = TensorFile(
      [
        .ramp("fc1.bias", 3), .ramp("fc1.weight", 3, 2), .ramp("fc2.bias", 1),
        .ramp("fc2.weight", 1, 3),
      ], format: .safetensors)
    let file = TensorFile(vectors("loc", "scale_unconstrained"))
    #expect(try means(Posterior(file, options: .init(model: sorted))) == Self.torchOrder)
  }

  // NumPyro's guide unpacks 0…12 for this model, after svi.run and after svi.init, to W1 0…5, b1 6…8,
  // W2 9…11, b2 12; after jax.jit(svi.init) to W1 0…5, W2 6…8, b1 9…11, b2 12.
  private let sites: [Tensor] = [
    .ramp("W1", 2, 3), .ramp("b1", 3), .ramp("W2", 3, 1), .ramp("b2", 1),
  ]

  @Test func `NumPyro's sites follow the model, and a warning says so`() throws {
    let vectors = vectors("auto_loc", "auto_scale")
    let file = TensorFile(vectors, format: .npz)
    let model = TensorFile(sites + vectors, format: .npz)
    let posterior = try Posterior(file, options: .init(model: model))
    #expect(posterior.convention.name == "NumPyro AutoDiagonalNormal")
    #expect(posterior.parameters.map(\.summary) == ["W1 2→3 in,out +b", "W2 3→1 in,out +b"])
    #expect(try means(posterior) == Self.torchOrder)
    #expect(try posterior.parameters.first?.weight.standardDeviations().first == 0.5)
    #expect(posterior.warnings.count == 1)
    #expect(posterior.warnings.first?.contains("order of the model: W1, b1, W2, b2;") == true)
    let sorted = TensorFile([sites[0], sites[2], sites[1], sites[3]], format: .safetensors)
    #expect(try means(Posterior(file, options: .init(model: sorted))) == Self.torchOrder)
  }

  @Test func `NumPyro's sites in alphabetical order are read so without a warning`() throws {
    let file = TensorFile(vectors("auto_loc", "auto_scale"), format: .npz)
    let sorted = TensorFile([sites[0], sites[2], sites[1], sites[3]], format: .npz)
    let posterior = try Posterior(file, options: .init(model: sorted))
    #expect(try means(posterior) == [[0, 1, 2, 3, 4, 5], [9, 10, 11], [6, 7, 8], [12]])
    #expect(posterior.warnings == [])
  }

  @Test func `NumPyro's sites can be given as sizes`() throws {
    let file = TensorFile(vectors("auto_loc", "auto_scale"), format: .npz)
    let posterior = try Posterior(file, options: .init(layerSizes: [2, 3, 1]))
    #expect(
      posterior.parameters.map(\.summary) == ["layer1 2→3 in,out +b", "layer2 3→1 in,out +b"])
    #expect(try means(posterior) == Self.torchOrder)
    #expect(posterior.warnings.first?.contains("layer by layer") == true)
  }

  @Test func `missing or wrong shapes are errors that say what to give`() {
    let file = TensorFile(vectors("loc", "scale_unconstrained"))
    #expect(failure(of: file)?.message.contains("--layers 784,100,10") == true)
    #expect(
      failure(of: file, .init(layerSizes: [2, 4, 1]))?.message == """
        "loc" has 13 elements, but a network of 2,4,1 units has 12 weights and 5 biases; correct \
        --layers
        """)
    let other = TensorFile([.ramp("fc.weight", 2, 2)])
    #expect(
      failure(of: file, .init(model: other))?.message == """
        "loc" has 13 elements but the parameters in model.file have 4; give the model that this \
        posterior belongs to
        """)
    let unequal = TensorFile([.ramp("loc", 13), .ramp("scale_unconstrained", 12)])
    #expect(failure(of: unequal, .init(layerSizes: [2, 3, 1]))?.code == .shapeMismatch)
  }

  @Test func `guides with covariances are refused`() {
    let file = TensorFile(
      vectors("loc", "scale_unconstrained") + [.ramp("scale_tril_unconstrained", 13, 13)])
    let error = failure(of: file, .init(layerSizes: [2, 3, 1]))
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("\"scale_tril_unconstrained\"") == true)
  }

  // MARK: laplace-torch

  /// The model at the maximum of the posterior: its values are the means, as laplace-torch has them.
  private let fittedModel = TensorFile([
    Tensor(name: "fc1.weight", shape: [3, 2], doubles: [0, 1, 2, 3, 4, 5]),
    Tensor(name: "fc1.bias", shape: [3], doubles: [6, 7, 8]), .ramp("bn.running_mean", 3),
    Tensor(name: "fc2.weight", shape: [1, 3], doubles: [9, 10, 11]),
    Tensor(name: "fc2.bias", shape: [1], doubles: [12]),
  ])

  private func laplace(prior: [Double], curvature: Tensor? = nil) -> TensorFile {
    TensorFile(
      [
        vectors("mean", "H")[0], curvature ?? vectors("mean", "H")[1],
        Tensor(name: "prior_precision", shape: [prior.count], doubles: prior),
        Tensor(name: "sigma_noise", shape: [1], doubles: [2]),
      ], scalars: ["temperature": 0.5, "prior_mean": 0, "n_data": 100])
  }

  /// H_factor = 1/(sigma_noise²·temperature) = 1/2.
  private func deviation(_ position: Int, prior: Double) -> Double {
    1 / (0.5 * (0.5 + Double(position)) + prior).squareRoot()
  }

  @Test func `Laplace with one prior precision`() throws {
    let posterior = try Posterior(laplace(prior: [4]), options: .init(model: fittedModel))
    #expect(posterior.convention.name == "laplace-torch")
    #expect(posterior.convention.formula == "σ = 1/√(0.5·H + 4)")
    #expect(try means(posterior) == Self.torchOrder)
    let expected = (9..<12).map { deviation($0, prior: 4) }
    #expect(try posterior.parameters[1].weight.standardDeviations() == expected)
  }

  @Test func `Laplace with a prior precision for each parameter tensor`() throws {
    let posterior = try Posterior(laplace(prior: [1, 2, 3, 4]), options: .init(model: fittedModel))
    #expect(try posterior.parameters[1].weight.standardDeviations()[2] == deviation(11, prior: 3))
    #expect(try posterior.parameters[1].bias?.standardDeviations() == [deviation(12, prior: 4)])
  }

  @Test func `Laplace with a prior precision for each parameter`() throws {
    let priors = (0..<13).map { Double($0) / 4 }
    let posterior = try Posterior(laplace(prior: priors), options: .init(layerSizes: [2, 3, 1]))
    let expected = (9..<12).map { deviation($0, prior: Double($0) / 4) }
    #expect(try posterior.parameters[1].weight.standardDeviations() == expected)
  }

  @Test func `the kind of Laplace's scale cannot be chosen`() {
    let options = PosteriorOptions(scaleKind: .standardDeviation, model: fittedModel)
    let error = failure(of: laplace(prior: [4]), options)
    #expect(error?.code == .invalidOption)
    #expect(
      error?.message.hasPrefix(
        "--scale-is sigma does not fit this file: laplace-torch stores curvature") == true)
  }

  @Test func `Laplace's state may lie in any dictionary`() {
    for folder in ["", "la/", "H/", "state/la."] {
      let matrix = TensorFile(
        [.ramp(folder + "mean", 13), .ramp(folder + "H/0/0", 13, 13)],
        scalars: [folder + "prior_precision": 1])
      #expect(failure(of: matrix)?.message.hasPrefix("\"\(folder)H\" is a matrix") == true)
    }
  }

  /// Looking through all tensors for each mean would take half an hour.
  @Test(.timeLimit(.minutes(1)))
  func `many means are looked at in one pass`() {
    let count = 100_000
    var tensors: [Tensor] = []
    for index in 0..<count { tensors.append(.ramp("\(index)/mean", 1)) }
    tensors.append(.ramp("\(count - 1)/H", 1, 1))
    let file = TensorFile(tensors, scalars: ["\(count - 1)/prior_precision": 1])
    let error = #expect(throws: PosteriorError.self) {
      try ConventionReader.laplace.read(file, PosteriorOptions())
    }
    #expect(error?.code == .unsupported)
  }

  @Test func `Laplace with a prior that fits nothing, or curvature that is no diagonal`() {
    let wrong = failure(of: laplace(prior: [1, 2]), .init(model: fittedModel))
    #expect(wrong?.message.hasPrefix("\"prior_precision\" has 2 elements") == true)
    let full = failure(
      of: laplace(prior: [1], curvature: .ramp("H", 13, 13)), .init(model: fittedModel))
    #expect(full?.message.contains("hessian_structure=\"diag\"") == true)
    let factors = failure(of: laplace(prior: [1], curvature: .ramp("H/0/0", 3, 3)), .init())
    #expect(factors?.code == .unsupported)
  }

  @Test func `Laplace's order is the one that the model's values prove, whatever the file's`()
    throws
  {
    let sorted = TensorFile(
      [
        Tensor(name: "hidden.bias", shape: [3], doubles: [6, 7, 8]),
        Tensor(name: "hidden.weight", shape: [3, 2], doubles: [0, 1, 2, 3, 4, 5]),
        Tensor(name: "end.bias", shape: [1], floats: [12]),
        Tensor(name: "end.weight", shape: [1, 3], halves: [9, 10, 11]),
      ], format: .safetensors)
    let posterior = try Posterior(laplace(prior: [4]), options: .init(model: sorted))
    #expect(posterior.parameters.map(\.summary) == ["hidden 2→3 out,in +b", "end 3→1 out,in +b"])
    #expect(try means(posterior) == Self.torchOrder)
    #expect(
      try posterior.parameters[1].weight.standardDeviations()
        == (9..<12).map { deviation($0, prior: 4) })
  }

  @Test func `a choice that leads nowhere is taken back`() throws {
    // Two parameters of zeros, of which the shorter fits everywhere that the longer does.
    let model = TensorFile([
      Tensor(name: "a.bias", shape: [1], doubles: [0]),
      Tensor(name: "a.weight", shape: [1, 2], doubles: [0, 0]),
      Tensor(name: "b.weight", shape: [1, 1], doubles: [3]),
    ])
    let vector = Tensor(name: "mean", shape: [4], doubles: [0, 0, 3, 0])
    let order = try #require(try ParameterOrder(of: vector, among: model.tensors))
    #expect(order.listed.map(\.name) == ["a.weight", "b.weight", "a.bias"])
  }

  @Test func `means that are not the model's values prove no order`() {
    let error = failure(of: laplace(prior: [4]), .init(model: model))
    #expect(error?.message.contains("which would prove their order") == true)
  }

  @Test func `parameters that Laplace's vector does not hold are certain`() throws {
    let body: [Tensor] = [.ramp("body.weight", 2, 5), .ramp("body.bias", 2)]
    let posterior = try Posterior(
      laplace(prior: [4]), options: .init(model: TensorFile(body + fittedModel.tensors)))
    #expect(posterior.parameters.map(\.isCertain) == [true, false, false])
    #expect(posterior.network?.layerSizes?.sizes == [5, 2, 3, 1])
    #expect(try posterior.parameters[0].bias?.standardDeviations() == [0, 0])
  }

  @Test func `names that do not number layers say no order where values prove none`() {
    let sorted = TensorFile(
      [
        .ramp("end.bias", 1), .ramp("end.weight", 1, 3), .ramp("start.bias", 3),
        .ramp("start.weight", 3, 2),
      ], format: .safetensors)
    let error = failure(of: TensorFile(vectors("loc", "scale_unconstrained")), .init(model: sorted))
    #expect(error?.message.contains("written by torch.save(model.state_dict(), …)") == true)
  }

  @Test func `patterns may name vectors`() throws {
    let file = TensorFile(vectors("q_centre", "q_spread"))
    for (mean, scale) in [("q_centre", "q_spread"), ("*_centre", "*_spread")] {
      let posterior = try Posterior(
        file,
        options: .init(
          meanPattern: mean, scalePattern: scale, scaleKind: .variance, model: model))
      #expect(try means(posterior) == Self.torchOrder)
      #expect(try posterior.parameters[1].bias?.standardDeviations() == [Double(12.5).squareRoot()])
    }
  }
}
