import BBBTensors
import Testing

@testable import BBBPosterior

/// A model of 2 inputs, 3 hidden units and 1 output beside its IVON optimiser.
struct IVONTests {
  private static let parameters: [Tensor] = [
    .ramp("0.weight", 3, 2), .ramp("0.bias", 3), .ramp("2.weight", 1, 3), .ramp("2.bias", 1),
  ]

  private var model: [Tensor] {
    Self.parameters.map { parameter in
      var renamed = parameter
      renamed.name = "model/" + parameter.name
      return renamed
    } + [.ramp("model/1.running_mean", 3)]
  }

  private func hessian(group: Int, from start: Int, count: Int) -> Tensor {
    Tensor(
      name: "optimizer/param_groups/\(group)/hess", shape: [count],
      doubles: (start..<(start + count)).map(Double.init))
  }

  private func scalars(group: Int, ess: Double, decay: Double, members: Range<Int>) -> [String:
    Double]
  {
    let folder = "optimizer/param_groups/\(group)"
    var scalars = ["\(folder)/ess": ess, "\(folder)/weight_decay": decay, "\(folder)/lr": 0.1]
    for (index, member) in members.enumerated() {
      scalars["\(folder)/params/\(index)"] = Double(member)
    }
    return scalars
  }

  private func deviation(_ hessian: Double, ess: Double, decay: Double) -> Double {
    1 / (ess * (hessian + decay)).squareRoot()
  }

  @Test func `one group covers the parameters in order`() throws {
    let posterior = try Posterior(
      TensorFile(
        model + [
          hessian(group: 0, from: 0, count: 13), .ramp("optimizer/param_groups/0/momentum", 13),
        ],
        scalars: scalars(group: 0, ess: 100, decay: 0.01, members: 0..<4)))
    #expect(posterior.convention == .init(name: "IVON", formula: "σ = 1/√(100·(h + 0.01))"))
    #expect(posterior.parameters.map(\.summary) == ["0 2→3 out,in +b", "2 3→1 out,in +b"])
    let last = posterior.parameters[1]
    #expect(last.weight.mean.name == "model/2.weight")
    #expect(last.weight.scale?.name == "optimizer/param_groups/0/hess[9:12]")
    let expected = [9, 10, 11].map { deviation($0, ess: 100, decay: 0.01) }
    #expect(try last.weight.standardDeviations() == expected)
    #expect(try last.bias?.standardDeviations() == [deviation(12, ess: 100, decay: 0.01)])
  }

  @Test func `groups may be layers`() throws {
    let numbers = scalars(group: 0, ess: 100, decay: 0.01, members: 0..<2)
      .merging(scalars(group: 1, ess: 400, decay: 0.5, members: 2..<4)) { first, _ in first }
    let posterior = try Posterior(
      TensorFile(
        model + [hessian(group: 1, from: 50, count: 4), hessian(group: 0, from: 0, count: 9)],
        scalars: numbers))
    let expected = [50, 51, 52].map { deviation($0, ess: 400, decay: 0.5) }
    #expect(try posterior.parameters[1].weight.standardDeviations() == expected)
    #expect(
      try posterior.parameters[0].bias?.standardDeviations().first
        == deviation(6, ess: 100, decay: 0.01))
  }

  @Test func `groups may be weights and biases`() throws {
    let numbers = scalars(group: 0, ess: 100, decay: 0.01, members: 0..<2)
      .merging(scalars(group: 1, ess: 100, decay: 0, members: 2..<4)) { first, _ in first }
    let posterior = try Posterior(
      TensorFile(
        [
          .ramp("model/0.weight", 4, 2), .ramp("model/0.bias", 4), .ramp("model/2.weight", 2, 4),
          .ramp("model/2.bias", 2), hessian(group: 0, from: 0, count: 16),
          hessian(group: 1, from: 50, count: 6),
        ], scalars: numbers))
    #expect(posterior.parameters[0].weight.scale?.name == "optimizer/param_groups/0/hess[0:8]")
    #expect(posterior.parameters[1].weight.scale?.name == "optimizer/param_groups/0/hess[8:16]")
    let expected = [54, 55].map { deviation($0, ess: 100, decay: 0) }
    #expect(try posterior.parameters[1].bias?.standardDeviations() == expected)
    #expect(posterior.warnings == [])
  }

  @Test func `groups that could be either are read as layers, with a warning`() throws {
    // With one output there are as many weights as biases to move: 9 = 6 + 3, 4 = 3 + 1.
    let numbers = scalars(group: 0, ess: 100, decay: 0.01, members: 0..<2)
      .merging(scalars(group: 1, ess: 100, decay: 0, members: 2..<4)) { first, _ in first }
    let posterior = try Posterior(
      TensorFile(
        model + [hessian(group: 0, from: 0, count: 9), hessian(group: 1, from: 50, count: 4)],
        scalars: numbers))
    #expect(posterior.parameters[1].weight.scale?.name == "optimizer/param_groups/1/hess[0:3]")
    #expect(posterior.warnings.first?.contains("in more than one way") == true)
  }

  @Test func `a group that lists another number of parameters does not fit`() {
    let file = TensorFile(
      model + [hessian(group: 0, from: 0, count: 13)],
      scalars: scalars(group: 0, ess: 100, decay: 0.01, members: 0..<5))
    #expect(failure(of: file)?.code == .shapeMismatch)
  }

  @Test func `the kind of scale cannot be chosen`() {
    let file = TensorFile(
      model + [hessian(group: 0, from: 0, count: 13)],
      scalars: scalars(group: 0, ess: 100, decay: 0.01, members: 0..<4))
    #expect(failure(of: file) == nil)
    let error = failure(of: file, .init(scaleKind: .rho))
    #expect(error?.code == .invalidOption)
    #expect(
      error?.message == """
        --scale-is rho does not fit this file: IVON stores curvature, from which the standard \
        deviations are computed; leave --scale-is out
        """)
  }

  /// Looking through all numbers for each group would take minutes.
  @Test(.timeLimit(.minutes(1)))
  func `many groups are found in one pass`() {
    let count = 40_000
    var tensors: [Tensor] = []
    var scalars: [String: Double] = [:]
    for group in 0..<count {
      tensors.append(.ramp("param_groups/\(group)/hess", 1))
      for key in ["ess", "weight_decay", "params/0", "params/1"] {
        scalars["param_groups/\(group)/\(key)"] = 1
      }
    }
    let file = TensorFile(tensors, scalars: scalars)
    let error = #expect(throws: PosteriorError.self) {
      try ConventionReader.ivon.read(file, PosteriorOptions())
    }
    #expect(error?.message.contains("IVON optimiser without the model") == true)
  }

  @Test func `groups may begin with the head`() throws {
    let numbers = scalars(group: 0, ess: 100, decay: 0.01, members: 0..<2)
      .merging(scalars(group: 1, ess: 400, decay: 0.5, members: 2..<4)) { first, _ in first }
    let posterior = try Posterior(
      TensorFile(
        [
          .ramp("model/0.weight", 4, 3), .ramp("model/0.bias", 4), .ramp("model/2.weight", 2, 4),
          .ramp("model/2.bias", 2), hessian(group: 0, from: 0, count: 10),
          hessian(group: 1, from: 50, count: 16),
        ], scalars: numbers))
    #expect(
      posterior.parameters.map { $0.weight.scale?.name } == [
        "optimizer/param_groups/1/hess[0:12]", "optimizer/param_groups/0/hess[0:8]",
      ])
    #expect(posterior.warnings == [])
  }

  @Test func `groups of equal layers are a guess`() throws {
    let numbers = scalars(group: 0, ess: 100, decay: 0.01, members: 0..<2)
      .merging(scalars(group: 1, ess: 400, decay: 0.5, members: 2..<4)) { first, _ in first }
    let posterior = try Posterior(
      TensorFile(
        [
          .ramp("model/0.weight", 4, 4), .ramp("model/0.bias", 4), .ramp("model/2.weight", 4, 4),
          .ramp("model/2.bias", 4), hessian(group: 0, from: 0, count: 20),
          hessian(group: 1, from: 50, count: 20),
        ], scalars: numbers))
    #expect(posterior.parameters[0].weight.scale?.name == "optimizer/param_groups/0/hess[0:16]")
    #expect(posterior.warnings.first?.contains("in more than one way") == true)
  }

  @Test func `an optimiser in a dictionary takes the model from its own file`() throws {
    let file = TensorFile(
      [hessian(group: 0, from: 0, count: 13)],
      scalars: scalars(group: 0, ess: 100, decay: 0.01, members: 0..<4)
        .merging(["epoch": 3]) { first, _ in first })
    #expect(failure(of: file)?.message.contains("with --model") == true)
    let posterior = try Posterior(file, options: .init(model: TensorFile(Self.parameters)))
    #expect(posterior.parameters.map(\.summary) == ["0 2→3 out,in +b", "2 3→1 out,in +b"])
  }

  @Test func `the optimiser alone needs the model`() throws {
    let hessian = Tensor(
      name: "param_groups/0/hess", shape: [13], doubles: (0..<13).map(Double.init))
    let file = TensorFile(
      [hessian],
      scalars: ["param_groups/0/ess": 100, "param_groups/0/weight_decay": 0.01])
    let error = failure(of: file)
    #expect(error?.code == .incomplete)
    #expect(error?.message.contains("give the model's file with --model") == true)
    let posterior = try Posterior(file, options: .init(model: TensorFile(Self.parameters)))
    #expect(posterior.parameters.map(\.summary) == ["0 2→3 out,in +b", "2 3→1 out,in +b"])
  }

  @Test func `the model alone has no standard deviations`() {
    let error = failure(of: TensorFile(Self.parameters))
    #expect(error?.code == .incomplete)
    #expect(error?.message.contains("weights of an ordinary network") == true)
    #expect(error?.message.contains("IVON") == true)
  }

  @Test func `a Hessian of another model, or without its numbers, is an error`() {
    let numbers = scalars(group: 0, ess: 100, decay: 0.01, members: 0..<4)
    let file = TensorFile(model + [hessian(group: 0, from: 0, count: 12)], scalars: numbers)
    #expect(
      failure(of: file)?.message == """
        the optimiser has 12 of the model's 13 elements ("optimizer/param_groups/0/hess"), and which \
        parameters these are cannot be told; save model and optimiser of the same run together, or give \
        the parameters that were trained, in order, with --model
        """)
    let unnumbered = TensorFile(
      model + [hessian(group: 0, from: 0, count: 13)],
      scalars: ["optimizer/param_groups/0/ess": 100])
    #expect(
      failure(of: unnumbered)?.message.contains("\"optimizer/param_groups/0/weight_decay\"") == true
    )
  }

  @Test func `a run of parameters that fits is the part that was trained`() throws {
    let posterior = try Posterior(
      TensorFile(
        model + [hessian(group: 0, from: 20, count: 4)],
        scalars: scalars(group: 0, ess: 100, decay: 0.01, members: 0..<2)))
    #expect(posterior.parameters.map(\.summary) == ["0 2→3 out,in +b", "2 3→1 out,in +b"])
    #expect(posterior.parameters.map(\.isCertain) == [true, false])
    let expected = [20, 21, 22].map { deviation($0, ess: 100, decay: 0.01) }
    #expect(try posterior.parameters[1].weight.standardDeviations() == expected)
    #expect(try posterior.parameters[1].bias?.standardDeviations().count == 1)
  }

  @Test func `of two runs that fit neither is taken`() {
    // 3→3, 3→3, 3→2, of which one layer of twelve elements was trained.
    let file = TensorFile(
      [
        .ramp("model/0.weight", 3, 3), .ramp("model/0.bias", 3),
        .ramp("model/2.weight", 3, 3, factor: 2),
        .ramp("model/2.bias", 3), .ramp("model/4.weight", 2, 3), .ramp("model/4.bias", 2),
        hessian(group: 0, from: 0, count: 12),
      ], scalars: scalars(group: 0, ess: 100, decay: 0.01, members: 0..<2))
    #expect(failure(of: file)?.message.hasPrefix("the optimiser has 12 of the model's 32") == true)
  }

  @Test func `a matrix that repeats another counts once`() throws {
    let posterior = try Posterior(
      TensorFile(
        [
          .ramp("model/embed.weight", 4, 2), .ramp("model/fc.weight", 2, 2, factor: 3),
          .ramp("model/fc.bias", 2), .ramp("model/out.weight", 4, 2),
          hessian(group: 0, from: 0, count: 14),
        ], scalars: scalars(group: 0, ess: 100, decay: 0.01, members: 0..<3)))
    #expect(posterior.copies == ["model/out.weight": "model/embed.weight"])
    let expected = [8, 9, 10, 11].map { deviation($0, ess: 100, decay: 0.01) }
    #expect(
      try posterior.parameters.first { $0.name == "fc" }?.weight.standardDeviations() == expected)
  }
}
