import BBBDatasets
import BBBEvaluation
import BBBPosterior
import BBBPruning
import BBBTensors
import Foundation
import Synchronization
import Testing

/// Monte Carlo predictions of networks whose predictive distribution can be computed otherwise.
struct MonteCarloTests {
  /// One layer, two inputs, two classes.
  private func posterior(
    means: [Float] = [4, 0.5, 0.25, 8.25], deviations: [Float], biases: [Float] = [0, 0.5],
    biasDeviations: [Float]
  ) throws -> Posterior {
    try Posterior(
      TensorFile(
        path: "small.safetensors", format: .safetensors,
        tensors: [
          Tensor(name: "fc.weight", shape: [2, 2], floats: means),
          Tensor(name: "fc.weight.sigma", shape: [2, 2], floats: deviations),
          Tensor(name: "fc.bias", shape: [2], floats: biases),
          Tensor(name: "fc.bias.sigma", shape: [2], floats: biasDeviations),
        ]))
  }

  private func dataset(_ inputs: [Float] = [1, 0, 2, 1, 0, 1, 1, 3], labels: [Int] = [0, 0, 1, 1])
    throws -> Dataset
  {
    try Dataset(name: "small", inputs: .floats(inputs), exampleShape: [2], labels: labels)
  }

  private func pruned(
    _ posterior: Posterior, atSparsity sparsity: Double = 0, by criterion: Criterion = .magnitude,
    prunesBiases: Bool = false
  ) throws -> PrunedPosterior {
    let ranking = try Ranking(posterior, by: criterion, includesBiases: prunesBiases)
    return try DenseNetwork(posterior).pruned(by: ranking.pruning(atSparsity: sparsity))
  }

  @Test func `without uncertainty the prediction is that of the means`() throws {
    let tiny = [Float](repeating: 1e-7, count: 4)
    let posterior = try posterior(deviations: tiny, biasDeviations: [1e-7, 1e-7])
    let dataset = try dataset(labels: [0, 1, 1, 0])
    let ranking = try Ranking(posterior, by: .magnitude)
    let model = try DenseNetwork(posterior, readsDeviations: false).compacted(
      by: ranking.pruning(atSparsity: 0))
    let ofMeans = try #require(model.evaluated(on: dataset).classes)
    let ofDraws = try classes(
      pruned(posterior).evaluation(on: dataset, sampleCount: 7, seed: 0))
    #expect(ofDraws.predictions == ofMeans.predictions)
    #expect(
      abs(ofDraws.negativeLogLikelihood - ofMeans.negativeLogLikelihood) < 1e-5)
  }

  @Test(arguments: [UInt64(0), 1, 2])
  func `averaged probabilities are the integral over the posterior`(seed: UInt64) throws {
    // The difference of the two logits of input (x₁, x₂) is Gaussian:
    // N(Σ (μ₁ᵢ − μ₂ᵢ) xᵢ + b₁ − b₂, Σ (σ₁ᵢ² + σ₂ᵢ²) xᵢ² + σ_b₁² + σ_b₂²).
    let posterior = try posterior(
      means: [0.5, -0.25, 0.25, 0.5], deviations: [1, 0.5, 0.75, 0.25], biases: [0.5, 0],
      biasDeviations: [0.5, 1])
    let inputs: [Float] = [1, -2]
    let mean = 0.25 * 1 + -0.75 * -2 + 0.5
    let deviation = ((1 + 0.5625) + (0.25 + 0.0625) * 4 + (0.25 + 1)).squareRoot()
    var (first, second) = (0.0, 0.0)
    let steps = 4000
    for step in 0...steps {
      let z = -8 + 16 * Double(step) / Double(steps)
      let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot() * 16 / Double(steps)
      let probability = 1 / (1 + exp(-(mean + deviation * z)))
      first += density * probability
      second += density * probability * probability
    }
    let count = 4000
    let standardError = ((second - first * first) / Double(count)).squareRoot()
    let result = try classes(
      pruned(posterior).evaluation(
        on: try dataset(inputs, labels: [0]), sampleCount: count, seed: seed, threadCount: 2))
    let averaged = exp(-result.negativeLogLikelihood)
    #expect(abs(averaged - first) < 4.5 * standardError)
    // Far from what the means alone say.
    #expect(abs(1 / (1 + exp(-mean)) - first) > 20 * standardError)
  }

  @Test func `the same for any number of threads, another for another seed`() throws {
    let posterior = try pruned(
      try posterior(deviations: [1, 2, 3, 1], biasDeviations: [1, 1]))
    let dataset = try dataset()
    func result(seed: UInt64, threadCount: Int = 1) throws -> ClassificationResult {
      try classes(
        posterior.evaluation(
          on: dataset, sampleCount: 11, seed: seed, threadCount: threadCount))
    }
    let once = try result(seed: 1)
    for threadCount in [1, 2, 3, 16] {
      #expect(try result(seed: 1, threadCount: threadCount) == once)
    }
    #expect(
      try result(seed: 2).negativeLogLikelihood != once.negativeLogLikelihood)
  }

  @Test(arguments: [false, true])
  func `what is removed changes nothing, biases included`(prunesBiases: Bool) throws {
    // By magnitude: of the weights 0.25 and 0.5 go, or of all values 0, 0.25 and 0.5 (a weight, which
    // comes before the bias).
    func result(_ removed: Float) throws -> ClassificationResult {
      let posterior = try posterior(
        deviations: [1, removed, removed, 1], biasDeviations: [prunesBiases ? removed : 1, 1])
      return try classes(
        pruned(posterior, atSparsity: 0.5, prunesBiases: prunesBiases)
          .evaluation(on: try dataset(), sampleCount: 5, seed: 4))
    }
    #expect(try result(1) == result(1e30))
  }

  @Test func `a sweep adds the prediction to every point, only where it is asked for`() throws {
    let posterior = try posterior(deviations: [1, 2, 3, 1], biasDeviations: [1, 1])
    let dataset = try dataset()
    func sweep(_ sampleCount: Int, threadCount: Int = 1) throws -> [SweepCurve] {
      try Sweep(
        sparsities: [0, 0.5, 1], criteria: [.signalToNoiseRatio, .magnitude],
        sampleCount: sampleCount, seed: 3, threadCount: threadCount
      ).run(posterior, on: dataset)
    }
    let plain = try sweep(0)
    for curve in plain {
      #expect(curve.samples == nil && curve.seed == nil)
      #expect(curve.points.allSatisfy { $0.monteCarlo == nil })
    }
    let curves = try sweep(9)
    #expect(curves == (try sweep(9, threadCount: 3)))
    for (curve, plain) in zip(curves, plain) {
      #expect(curve.samples == 9 && curve.seed == 3)
      for (var point, plain) in zip(curve.points, plain.points) {
        #expect(point.monteCarlo != nil)
        point.monteCarlo = nil
        #expect(point == plain)
      }
    }
    let expected = try classes(
      pruned(posterior, atSparsity: 0.5, by: .signalToNoiseRatio)
        .evaluation(on: dataset, sampleCount: 9, seed: 3))
    #expect(curves[0].points[1].monteCarlo?.errors == expected.errors)
    #expect(curves[0].points[1].monteCarlo?.nll == expected.negativeLogLikelihood)
    #expect(curves[0].points[0].monteCarlo == curves[1].points[0].monteCarlo)
  }

  @Test func `progress ends at 1`() throws {
    let posterior = try posterior(deviations: [1, 2, 3, 1], biasDeviations: [1, 1])
    let last = Mutex(0.0)
    _ = try Sweep(
      sparsities: [0, 0.5], criteria: [.signalToNoiseRatio, .magnitude], sampleCount: 5
    ).run(posterior, on: try dataset()) { fraction in last.withLock { $0 = fraction } }
    #expect(abs(last.withLock { $0 } - 1) < 1e-9)
  }
}
