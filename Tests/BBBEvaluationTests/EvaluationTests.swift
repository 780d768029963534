import BBBDatasets
import BBBEvaluation
import BBBInference
import Foundation
import Testing

/// A network's doubt, measured on labelled examples and on others.
struct EvaluationTests {
  /// Two logits ±x, with the standard deviation of the weights given.
  private func model(deviation: Float) -> CompactModel {
    CompactModel(
      network: .multilayerPerceptron([1, 2], activation: .none),
      matrices: [
        SparseMatrix(
          SparsePattern(columnCount: 1, rowStarts: [0, 1, 2], columns: [0, 0]), values: [1, -1],
          biases: [0, 0],
          standardDeviations: .init(weights: [deviation, deviation], biases: [0, 0]))
      ], output: .classes, inputScaling: .identity,
      origin: .init(denseWeightCount: 2, denseBiasCount: 2, removedCount: 0, criterion: "snr"))
  }

  private func dataset(_ inputs: [Float], _ labels: [Int]) throws -> Dataset {
    try Dataset(name: "known", inputs: .floats(inputs), exampleShape: [1], labels: labels)
  }

  @Test func `the Brier score is the squared distance to the label`() throws {
    let result = try #require(
      model(deviation: 0).evaluated(on: dataset([0.5, -2], [0, 0])).classes)
    func square(_ x: Double) -> Double {
      let p = 1 / (1 + exp(-2 * x))
      return 2 * (1 - p) * (1 - p)
    }
    #expect(abs(result.brierScore - (square(0.5) + square(-2)) / 2) < 1e-12)
  }

  @Test func `examples near the border are told from those far away by their entropy`() throws {
    let others = UnlabelledExamples(try dataset([0.1, -0.2, 2.5], [0, 0, 0]))
    let evaluation = try model(deviation: 0).evaluation(
      on: dataset([2, -3], [0, 1]), against: others, by: .posteriorMean)
    let score = try #require(evaluation.outOfDistribution)
    // Of six pairs, only (2.5, 2) is in the wrong order: 2.5 lies farther from the border.
    #expect(abs(score.entropyArea - 5.0 / 6) < 1e-15)
    #expect(score.mutualInformationArea == 0.5)
    #expect(score.name == "known")
    #expect(evaluation.result.classes?.errors == 0)
  }

  @Test(arguments: [
    PredictionMethod.posteriorMean, .monteCarlo(sampleCount: 30, seed: 1), .momentPropagation,
  ])
  func `every method predicts the same examples alike for any number of threads`(
    method: PredictionMethod
  ) throws {
    let model = model(deviation: 0.5)
    let known = try dataset((0..<200).map { Float($0 % 17) - 8 }, (0..<200).map { $0 % 2 })
    let others = UnlabelledExamples(try dataset([0.25], [0]))
    let once = try model.evaluation(on: known, against: others, by: method)
    for threadCount in [2, 3] {
      #expect(
        try model.evaluation(on: known, against: others, by: method, threadCount: threadCount)
          == once)
    }
    #expect(try once.result == EvaluationResult(once.distribution, targets: known.targets))
  }

  @Test func `uncertain weights make far inputs doubtful`() throws {
    // By the means, doubt falls with distance; over the posterior, at a distance of 50 the sign of the
    // difference is nearly a coin toss when σ is large beside μ.
    let far = try dataset([50], [0])
    let certain = try model(deviation: 5).evaluation(on: far, by: .posteriorMean).distribution
    #expect(try #require(certain.predictiveEntropies)[0] < 1e-9)
    for method in [PredictionMethod.monteCarlo(sampleCount: 200, seed: 2), .momentPropagation] {
      let doubtful = try model(deviation: 5).evaluation(on: far, by: method).distribution
      #expect(try #require(doubtful.predictiveEntropies)[0] > 0.5)
      #expect(try #require(doubtful.mutualInformations)[0] > 0.4)
    }
  }

  @Test func `what a network cannot predict by is refused`() throws {
    let dataset = try dataset([1], [0])
    let certain = model(deviation: 1).withoutUncertainty()
    for method in [PredictionMethod.monteCarlo(sampleCount: 3, seed: 0), .momentPropagation] {
      let error = #expect(throws: CompactModelError.self) {
        try certain.evaluation(on: dataset, by: method)
      }
      #expect(error?.code == .withoutUncertainty)
    }
    let error = #expect(throws: CompactModelError.self) {
      try model(deviation: 1).evaluation(on: dataset, sampleCount: 0, seed: 0)
    }
    #expect(error?.code == .invalidOption)
  }

  @Test func `examples of another size are refused by name`() throws {
    let others = UnlabelledExamples(
      try Dataset(name: "wide", inputs: .floats([1, 2]), exampleShape: [2], labels: [0]))
    let error = #expect(throws: DatasetError.self) {
      try model(deviation: 0).evaluation(
        on: dataset([1], [0]), against: others, by: .posteriorMean)
    }
    #expect(error?.description.hasPrefix("wide: an example has") == true)
  }
}
