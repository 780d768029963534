import BBBInference
import BBBNetwork
import Testing

/// What a caller can get wrong with data is an error that names the remedy, and never the end of the process.
struct PredictionErrorTests {
  /// 60 inputs, 10 classes.
  let model = UncertaintyTests.model()
  let inputs = [Float](repeating: 0.5, count: 120)

  private func error(
    _ body: () throws -> Void, _ location: SourceLocation = #_sourceLocation
  ) -> CompactModelError? {
    #expect(throws: CompactModelError.self, sourceLocation: location, performing: body)
  }

  @Test(arguments: [1, 59, 61, 119])
  func `inputs that are not whole examples`(count: Int) throws {
    let inputs = [Float](repeating: 0, count: count)
    let bytes = [UInt8](repeating: 0, count: count)
    var outputs = [Float](repeating: 0, count: 20)
    let calls: [() throws -> Void] = [
      { _ = try model.predictOutputs(for: inputs) },
      { _ = try model.predictOutputs(for: bytes, threadCount: 2) },
      { _ = try model.predictProbabilities(for: inputs) },
      { _ = try model.predictOutputMoments(for: inputs) },
      { _ = try model.predictiveDistribution(for: inputs, by: .posteriorMean) },
      { _ = try model.predictiveDistribution(for: inputs, by: .momentPropagation) },
      { _ = try model.outputDistribution(for: bytes, by: .monteCarlo(sampleCount: 2, seed: 0)) },
      { _ = try model.predictiveDistribution(for: inputs, sampleCount: 2, seed: 0) },
      {
        var workspace = Workspace(for: model)
        var span = outputs.mutableSpan
        try model.computeOutputs(for: inputs.span, into: &span, workspace: &workspace)
      },
      {
        var workspace = Workspace(for: model)
        var span = outputs.mutableSpan
        try model.computeProbabilities(for: inputs.span, into: &span, workspace: &workspace)
      },
    ]
    for call in calls {
      let error = error(call)
      #expect(error?.code == .mismatched)
      #expect(
        error?.description
          == "\(count) numbers are not whole examples, which have 60 inputs each; give all inputs of one "
          + "example, then those of the next")
    }
  }

  @Test(arguments: [0, 10, 19, 21])
  func `outputs of another size`(count: Int) throws {
    var outputs = [Float](repeating: 7, count: count)
    let error = error {
      var workspace = Workspace(for: model)
      var span = outputs.mutableSpan
      try model.computeOutputs(for: inputs.span, into: &span, workspace: &workspace)
    }
    #expect(error?.code == .mismatched)
    #expect(
      error?.message
        == "there is room for \(count) outputs, and the examples have 20: 2 times 10; give room for exactly "
        + "these")
    #expect(outputs == [Float](repeating: 7, count: count))
  }

  @Test func `a workspace of a smaller model`() throws {
    let small = CompactModel.random(sizes: [8, 4, 2], density: 0.5, seed: 3)
    var outputs = [Float](repeating: 7, count: 20)
    let error = error {
      var workspace = Workspace(for: small)
      var span = outputs.mutableSpan
      try model.computeOutputs(for: inputs.span, into: &span, workspace: &workspace)
    }
    #expect(
      error
        == CompactModelError(
          .mismatched,
          "the workspace was made for a smaller model; make one for this model by Workspace(for:)"))
    // That of a larger model serves.
    var workspace = Workspace(for: model)
    var few = [Float](repeating: 0, count: 2)
    var span = few.mutableSpan
    try small.computeOutputs(for: inputs.span.extracting(0..<8), into: &span, workspace: &workspace)
    #expect(try few == small.predictOutputs(for: Array(inputs.prefix(8))))
  }

  @Test func `a file without standard deviations`() throws {
    let file = try model.withoutUncertainty().encoded()
    let certain = try CompactModel(bytes: file)
    let calls: [() throws -> Void] = [
      { _ = try certain.predictOutputMoments(for: inputs) },
      { _ = try certain.predictiveDistribution(for: inputs, by: .momentPropagation) },
      {
        _ = try certain.outputDistribution(for: inputs, by: .monteCarlo(sampleCount: 2, seed: 0))
      },
    ]
    for call in calls {
      #expect(
        error(call)
          == CompactModelError(
            .withoutUncertainty,
            "the model holds no standard deviations; predict by .posteriorMean, or export the model with "
              + "'--keep-uncertainty'"))
    }
    #expect(try certain.predictiveDistribution(for: inputs, by: .posteriorMean).exampleCount == 2)
  }

  @Test(arguments: [0, -1, Int.min])
  func `a number of draws that makes no prediction`(count: Int) throws {
    let calls: [() throws -> Void] = [
      { _ = try model.outputDistribution(for: inputs, sampleCount: count, seed: 0) },
      {
        _ = try model.predictiveDistribution(
          for: inputs, by: .monteCarlo(sampleCount: count, seed: 0), threadCount: 2)
      },
    ]
    for call in calls {
      let error = error(call)
      #expect(error?.code == .invalidOption)
      #expect(error?.message == "\(count) draws make no Monte Carlo prediction; give at least 1")
    }
  }

  @Test(arguments: [
    PredictionMethod.posteriorMean, .monteCarlo(sampleCount: 2, seed: 0), .momentPropagation,
  ])
  func `a meaning that the outputs cannot have`(method: PredictionMethod) throws {
    let error = error { _ = try model.outputDistribution(for: inputs, by: method, as: .binary) }
    #expect(error?.code == .mismatched)
    #expect(
      error?.message
        == "the outputs cannot be taken for binary: one probability (--output binary) needs one output, "
        + "and the network has 10")
    #expect(
      throws: CompactModelError.self,
      performing: {
        try OutputDistribution(outputs: [1, 2, 3], outputCount: 2, meaning: .classes)
      })
    #expect(
      throws: CompactModelError.self,
      performing: {
        try OutputDistribution(outputs: [1, 2, 3], outputCount: 3, meaning: .meanAndLogVariance)
      })
  }

  @Test(arguments: [
    PredictionMethod.posteriorMean, .monteCarlo(sampleCount: 2, seed: 0), .momentPropagation,
  ])
  func `classes of a network that predicts numbers`(method: PredictionMethod) throws {
    let numbers = CompactModel(
      layers: model.layers, output: .numbers(noiseDeviation: 1), inputScaling: .identity,
      origin: model.origin)
    let error = error { _ = try numbers.predictiveDistribution(for: inputs, by: method) }
    #expect(
      error
        == CompactModelError(
          .mismatched,
          "the network predicts numbers, not classes; ask for its outputDistribution"))
    #expect(try numbers.outputDistribution(for: inputs, by: method).numbers?.targetCount == 10)
  }

  @Test func `targets of other examples`() throws {
    let distribution = NumericDistribution(targetCount: 1, means: [1, 2], noiseDeviations: [1, 1])
    let error = error { _ = try distribution.logDensities(of: [1, 2, 3]) }
    #expect(
      error?.message
        == "there are 3 targets and predictions of 2; give those of the same examples")
  }

  @Test func `a criterion's name that the format has no room for`() throws {
    var long = model
    long.origin.criterion = String(repeating: "x", count: 256)
    let error = error { _ = try long.encoded() }
    #expect(error?.code == .notEncodable)
    #expect(
      error?.message
        == "the criterion's name has 256 bytes, and the format has room for 255; give a shorter one"
    )
    long.origin.criterion = String(repeating: "x", count: 255)
    #expect(try CompactModel(bytes: long.encoded()).origin == long.origin)
  }
}
