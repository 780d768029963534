import BBBKernels
import BBBPosterior
import CBBBKernels
import Foundation
import TestSupport
import Testing

@testable import BBBTraining

/// The average and the spread of many numbers, one after another.
private struct Sample {
  private(set) var count = 0.0
  private(set) var mean = 0.0
  private var sumOfSquares = 0.0

  mutating func add(_ x: Double) {
    count += 1
    let difference = x - mean
    mean += difference / count
    sumOfSquares += difference * (x - mean)
  }

  var variance: Double { sumOfSquares / (count - 1) }
  var squaredStandardError: Double { variance / count }
}

/// What sampled gradients are on average.
struct ExpectedGradientTests {
  @Test(arguments: [bbb_gradient_of_draw, bbb_gradient_accumulated, bbb_gradient_of_moments])
  func `the sampled complexity gradient's average is the closed form's gradient`(
    kind: bbb_gradient_kind
  ) {
    let count = 128
    let scale = 0.6
    let prior = Prior.gaussian(deviation: scale)
    var generator = SeededGenerator(seed: 1)
    let means = (0..<count).map { _ in Float.random(in: -1.5...1.5, using: &generator) }
    let rhos = (0..<count).map { _ in Float.random(in: -4...2, using: &generator) }
    let buffers = (0..<5).map { _ in AlignedBuffer(inNoiseBlocks: count) }
    let (mean, rho, weight, first, second) = (
      buffers[0], buffers[1], buffers[2], buffers[3], buffers[4]
    )
    var meanGradients = [Sample](repeating: Sample(), count: count)
    var rhoGradients = meanGradients
    let set = bbb_best_instruction_set()
    for draw in 0..<20_000 {
      let key = NoiseStream.weights(tensor: 0).key(seed: 1, step: draw)
      mean.values = means
      rho.values = rhos
      // The data say nothing: all that is left is the complexity cost.
      first.values = [Float](repeating: 0, count: count)
      second.values = first.values
      var step = bbb_posterior_step(
        gradient: kind, prior: prior.kernelPrior, complexity_weight: 1,
        optimizer: Optimizer.gradientDescent.kernelOptimizer(learningRate: 1, step: 0),
        rho_rate: 1, noise: key)
      bbb_draw_weights(set, key, mean.start, rho.start, 0, count, weight.start)
      if kind == bbb_gradient_accumulated {
        bbb_accumulate_gradient(
          set, &step, 1, mean.start, rho.start, weight.start, 0, count, [Float](first.values),
          first.start, second.start)
      }
      var parameters = bbb_gaussian_parameters()
      parameters.mean = mean.start
      parameters.rho = rho.start
      bbb_step_posterior(
        set, &step, &parameters, 0, count, first.start, second.start,
        kind == bbb_gradient_of_moments ? nil : weight.start, nil)
      for index in 0..<count {
        meanGradients[index].add(Double(means[index] - mean.start[index]))
        rhoGradients[index].add(Double(rhos[index] - rho.start[index]))
      }
    }
    // KL[N(μ, σ²) ‖ N(0, s²)] = log(s/σ) + (σ² + μ²) / (2s²) − 1/2.
    var standardised: [Double] = []
    for index in 0..<count {
      let (mean, rho) = (Double(means[index]), Double(rhos[index]))
      let sigma = softplus(rho)
      let expected = (
        mean: mean / (scale * scale),
        rho: (sigma / (scale * scale) - 1 / sigma) / (1 + exp(-rho))
      )
      for (sample, expected) in [
        (meanGradients[index], expected.mean), (rhoGradients[index], expected.rho),
      ] {
        // The change is rounded to a Float, not always to the same side.
        let error = max(abs(sample.mean - expected) - 2e-7, 0)
        standardised.append(error / sample.squaredStandardError.squareRoot())
      }
    }
    let spread = standardised.reduce(0) { $0 + $1 * $1 } / Double(standardised.count)
    #expect(standardised.allSatisfy { $0 < 4.5 })
    #expect((0.5...1.5).contains(spread), "\(spread)")
  }

  /// The gradients of the likelihood cost in many steps from the same parameters.
  private func gradients(
    _ estimator: BayesByBackprop.Estimator, steps: Int, seed: UInt64
  ) throws -> [Sample] {
    let bayes = BayesByBackprop(estimator: estimator, temperature: 0)
    let configuration = TrainingConfiguration(
      network: .layers(5, 6, 3), method: .bayesByBackprop(bayes), optimizer: .gradientDescent,
      learningRate: 1, schedule: .constant, epochs: steps, minibatchSize: 8, seed: seed)
    let trainer = try Trainer(
      configuration, examples: Problems.classes(8, inputCount: 5, classCount: 3))
    var generator = SeededGenerator(seed: 4)
    var start = trainer.parameters.varied(seed: 3)
    for tensor in start.means.indices {
      for index in start.means[tensor].indices {
        start.means[tensor][index] = Double(Float.random(in: -0.8...0.8, using: &generator))
      }
    }
    var samples = [Sample](
      repeating: Sample(), count: start.means.joined().count + start.rhos.joined().count)
    for _ in 0..<steps {
      trainer.setParameters(start)
      try trainer.take(1)
      let end = trainer.parameters
      let before = Array(start.means.joined()) + Array(start.rhos.joined())
      let after = Array(end.means.joined()) + Array(end.rhos.joined())
      for index in before.indices { samples[index].add(before[index] - after[index]) }
    }
    return samples
  }

  @Test(
    arguments: [
      BayesByBackprop.Estimator.weightDraws(3), .localReparametrisation,
    ])
  func `every estimator has the gradient of one draw on average, with less variance`(
    estimator: BayesByBackprop.Estimator
  ) throws {
    let one = try gradients(.weightDraws(1), steps: 6000, seed: 1)
    let other = try gradients(estimator, steps: 6000, seed: 2)
    let standardised = zip(one, other).map { one, other in
      let squaredError = one.squaredStandardError + other.squaredStandardError
      return squaredError == 0 ? 0 : abs(one.mean - other.mean) / squaredError.squareRoot()
    }
    #expect(standardised.allSatisfy { $0 < 4.5 })
    let signals = zip(one, other).map { one, other in
      abs(one.mean) / (one.squaredStandardError + other.squaredStandardError).squareRoot()
    }
    // The comparison means something: most gradients are far from 0 by the same measure.
    #expect(signals.count { $0 > 4.5 } > signals.count / 2)
    let ratio =
      other.reduce(0) { $0 + $1.variance } / one.reduce(0) { $0 + $1.variance }
    if estimator == .weightDraws(3) {
      #expect((0.3...0.37).contains(ratio), "\(ratio)")
    } else {
      #expect(ratio < 0.5, "\(ratio)")
    }
  }
}
