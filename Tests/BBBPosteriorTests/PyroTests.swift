import BBBTensors
import Testing

@testable import BBBPosterior

/// Pyro's parameter stores, whose constraints say how a scale is stored, and what goes without them.
struct PyroTests {
  private static let real = "torch.distributions.constraints._Real"
  private static let exponential = "torch.distributions.constraints._GreaterThan"
  private static let softplus = "pyro.distributions.constraints._SoftplusPositive"

  /// A store of one layer 3→2 with the given names and the scales' constraint.
  private func store(
    mean: String, scale: String, constraint: String, numbers: [String: Double] = [:]
  ) -> TensorFile {
    TensorFile(
      [
        .ramp("params/" + mean, 2, 3),
        .constant("params/" + scale, 2, 3, value: -2),
      ],
      objects: [
        "constraints/" + mean: PickledObject(className: Self.real),
        "constraints/" + scale: PickledObject(className: constraint, numbers: numbers),
      ])
  }

  @Test(arguments: [
    ("w_loc", "w_scale"), ("guide.w.loc", "guide.w.scale"), ("w_mu", "w_sigma"),
    ("q.w.mean", "q.w.std"), ("AutoNormal.locs.w", "AutoNormal.scales.w"),
  ])
  func `the constraint decides, whatever the names`(mean: String, scale: String) throws {
    let positive = try Posterior(
      store(
        mean: mean, scale: scale, constraint: Self.exponential, numbers: ["lower_bound": 0]))
    #expect(positive.convention.formula == "σ = exp(log σ)")
    #expect(positive.parameters.map(\.weights.rows) == [2])
    let softplus = try Posterior(store(mean: mean, scale: scale, constraint: Self.softplus))
    #expect(softplus.convention.formula == "σ = log(1 + exp ρ)")
  }

  @Test(arguments: [
    ("torch.distributions.constraints._Interval", [:]),
    ("torch.distributions.constraints._GreaterThan", ["lower_bound": 0.001]),
    ("torch.distributions.constraints._GreaterThan", [:]),
  ])
  func `a constraint that is not known is refused with the way out`(
    constraint: String, numbers: [String: Double]
  ) {
    let error = failure(
      of: store(mean: "w_loc", scale: "w_scale", constraint: constraint, numbers: numbers))
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains(constraint) == true)
    #expect(error?.message.contains("pyro.get_param_store().items()") == true)
  }

  @Test func `a diagonal guide's constraint decides too`() throws {
    let vectors: [Tensor] = [
      .ramp("params/AutoDiagonalNormal.loc", 6),
      .constant("params/AutoDiagonalNormal.scale", 6, value: -1),
    ]
    let file = TensorFile(
      vectors,
      objects: [
        "constraints/AutoDiagonalNormal.scale": PickledObject(
          className: Self.exponential, numbers: ["lower_bound": 0])
      ])
    let posterior = try Posterior(file, options: .init(layerSizes: [3, 2]))
    #expect(posterior.convention.formula == "σ = exp(log σ)")
    #expect(
      try Posterior(TensorFile(vectors), options: .init(layerSizes: [3, 2])).convention.formula
        == "σ = log(1 + exp ρ)")
  }

  @Test func `scales without constraints must be said`() throws {
    let file = TensorFile([
      .ramp("guide.fc.weight.loc", 2, 3), .ramp("guide.fc.weight.scale_unconstrained", 2, 3),
    ])
    let message = failure(of: file)?.message
    #expect(message?.contains("--scale-is log-sigma if it is constraints.positive") == true)
    #expect(message?.contains("--scale-is rho if") == true)
    let posterior = try Posterior(file, options: .init(scaleKind: .rho))
    #expect(posterior.parameters.map(\.summary) == ["guide.fc 3→2 out,in"])
  }

  @Test func `constrained values are σ, unless they cannot be`() throws {
    func file(_ value: Float) -> TensorFile {
      TensorFile(
        [
          .ramp("w_loc", 3, 2), .constant("w_scale", 3, 2, value: value), .ramp("b_loc", 2),
          .ramp("b_scale", 2),
        ], format: .npz)
    }
    let posterior = try Posterior(file(0.25))
    #expect(posterior.parameters.map(\.summary) == ["w 3→2 in,out +b"])
    #expect(
      try posterior.parameters[0].weight.standardDeviations() == .init(repeating: 0.25, count: 6))
    #expect(failure(of: file(-2))?.message.contains("so it is no standard deviation") == true)
    #expect(failure(of: file(-2), .init(scaleKind: .logStandardDeviation)) == nil)
  }

  @Test func `a noise of one element is no bias of the last layer`() throws {
    let file = TensorFile(
      [
        .ramp("w1_auto_loc", 3, 2), .ramp("w1_auto_scale", 3, 2), .ramp("w2_auto_loc", 2, 1),
        .ramp("w2_auto_scale", 2, 1), .ramp("sigma_auto_loc", 1), .ramp("sigma_auto_scale", 1),
      ], format: .npz)
    let posterior = try Posterior(file)
    #expect(posterior.parameters.map(\.summary) == ["w1 3→2 in,out", "w2 2→1 in,out"])
    #expect(posterior.network != nil)
    #expect(posterior.warnings.contains { $0.contains("likelihood") && $0.contains("sigma") })
  }

  @Test func `TyXe's guide of a part of a network leaves the rest certain`() throws {
    let file = TensorFile([
      .ramp("net.0.weight", 4, 3), .ramp("net.0.bias", 4), .ramp("net.2.weight", 2, 4),
      .ramp("net_guide.2.weight.loc", 2, 4),
      .constant("net_guide.2.weight.scale_unconstrained", 2, 4, value: -1),
    ])
    let posterior = try Posterior(file)
    #expect(posterior.parameters.map(\.isCertain) == [true, false])
    #expect(
      posterior.parameters.map(\.weight.mean.name) == ["net.0.weight", "net_guide.2.weight.loc"])
  }
}
