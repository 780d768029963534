import BBBDatasets
import BBBPosterior
import Foundation
import TestSupport
import Testing

@testable import BBBTraining

/// Whole runs that end where they should.
struct LearningTests {
  /// Points in four Gaussian clouds, two to a class, that no line separates.
  private func crossedClouds(_ count: Int, seed: UInt64) throws -> TrainingExamples {
    var generator = SeededGenerator(seed: seed)
    var inputs: [Float] = []
    var labels: [Int] = []
    for _ in 0..<count {
      let (right, top) = (
        Bool.random(using: &generator), Bool.random(using: &generator)
      )
      inputs.append((right ? 1 : -1) + .random(in: -0.5...0.5, using: &generator))
      inputs.append((top ? 1 : -1) + .random(in: -0.5...0.5, using: &generator))
      labels.append(right == top ? 1 : 0)
    }
    return try TrainingExamples(
      Dataset(name: "clouds", inputs: .floats(inputs), exampleShape: [2], labels: labels))
  }

  @Test(
    arguments: [
      .bayesByBackprop(.init()),
      .bayesByBackprop(
        .init(prior: .gaussian(deviation: 1), estimator: .weightDraws(2), initialRho: -3)),
      .bayesByBackprop(
        .init(
          prior: .closedFormGaussian(deviation: 1), estimator: .localReparametrisation,
          initialRho: -3)),
      .pointEstimate(.init(ridge: 1e-4)), .pointEstimate(.init(hiddenDropout: 0.2)),
    ] as [TrainingConfiguration.Method])
  func `a problem that is not linear is learned`(method: TrainingConfiguration.Method) throws {
    let trainer = try Trainer(
      TrainingConfiguration(
        network: .layers(2, 32, 2), method: method, learningRate: 0.01, epochs: 40,
        minibatchSize: 32),
      examples: crossedClouds(500, seed: 1), validation: crossedClouds(500, seed: 2))
    let before = trainer.measure(try crossedClouds(500, seed: 2)).total / 500
    while !trainer.isFinished { _ = try trainer.step() }
    let report = try #require(trainer.history.last)
    #expect(try #require(report.validationError) < 0.01)
    #expect(try #require(report.trainingError) < 0.03)
    #expect(try #require(report.validationCost) < 0.15)
    #expect(before > 0.4)
  }

  /// A linear regression whose exact posterior is known.
  private struct LinearProblem {
    let examples: TrainingExamples
    /// The mean and the precision of the exact posterior of the weights and the bias.
    let mean: [Double]
    let precision: [[Double]]

    init(count: Int, inputCount: Int, deviation: Double, priorDeviation: Double) throws {
      var generator = SeededGenerator(seed: 9)
      let size = inputCount + 1
      var rows: [[Double]] = []
      var targets: [Double] = []
      for _ in 0..<count {
        // Inputs that are correlated, so that the posterior of the weights is as well.
        let shared = Double.random(in: -1...1, using: &generator)
        let row = (0..<inputCount).map { _ in
          Double(Float(0.6 * shared + .random(in: -1...1, using: &generator)))
        }
        rows.append(row + [1])
        let noise = (0..<12).reduce(-6.0) { sum, _ in sum + .random(in: 0...1, using: &generator) }
        let signal = row.enumerated().reduce(0.3) { $0 + Double($1.offset - 1) * $1.element / 2 }
        targets.append(Double(Float(signal + deviation * noise)))
      }
      // Λ = XᵀX / s² + 1 / p², Λ m = Xᵀy / s².
      var precision = [[Double]](
        repeating: [Double](repeating: 0, count: size), count: size)
      var right = [Double](repeating: 0, count: size)
      for i in 0..<size {
        for j in 0..<size {
          precision[i][j] = rows.reduce(0) { $0 + $1[i] * $1[j] } / (deviation * deviation)
        }
        precision[i][i] += 1 / (priorDeviation * priorDeviation)
        right[i] =
          zip(rows, targets).reduce(0) { $0 + $1.0[i] * $1.1 } / (deviation * deviation)
      }
      self.precision = precision
      // Gauss and Seidel: converges for every positive definite matrix.
      var mean = [Double](repeating: 0, count: size)
      for _ in 0..<10_000 {
        for i in 0..<size {
          let rest = (0..<size).reduce(right[i]) {
            $0 - ($1 == i ? 0 : precision[i][$1] * mean[$1])
          }
          mean[i] = rest / precision[i][i]
        }
      }
      self.mean = mean
      examples = try TrainingExamples(
        inputs: rows.flatMap { $0.dropLast().map(Float.init) }, inputCount: inputCount,
        targets: targets.map(Float.init), targetCount: 1)
    }
  }

  @Test(
    arguments: [Prior.closedFormGaussian(deviation: 0.8), .gaussian(deviation: 0.8)],
    [BayesByBackprop.Estimator.localReparametrisation, .weightDraws(10)])
  func `linear regression ends at the mean-field optimum, which is known`(
    prior: Prior, estimator: BayesByBackprop.Estimator
  ) throws {
    let problem = try LinearProblem(count: 64, inputCount: 4, deviation: 0.5, priorDeviation: 0.8)
    let trainer = try Trainer(
      TrainingConfiguration(
        network: .layers(4, 1),
        method: .bayesByBackprop(.init(prior: prior, estimator: estimator, initialRho: -1)),
        likelihood: .gaussian(deviation: 0.5), learningRate: 0.02, schedule: .cosine,
        epochs: 6000, minibatchSize: 64),
      examples: problem.examples)
    while !trainer.isFinished { _ = try trainer.step() }
    // The Gaussian with independent weights that is nearest to N(m, Λ⁻¹) in KL[q‖·] has the same
    // mean, and the variances 1 / Λ_jj (Bishop 2006, section 10.1.2).
    let learned = trainer.parameters
    let means = learned.means[0] + learned.means[1]
    let deviations = (learned.rhos[0] + learned.rhos[1]).map(softplus)
    for index in means.indices {
      let expected = 1 / problem.precision[index][index].squareRoot()
      // What is left of the gradient's noise when the rate has fallen to 0 is below these shares of
      // a standard deviation; a forgotten or doubled term of the cost moves σ by more than a tenth.
      #expect(abs(means[index] - problem.mean[index]) < 0.03 * expected)
      #expect(abs(deviations[index] / expected - 1) < 0.03)
    }
  }
}
