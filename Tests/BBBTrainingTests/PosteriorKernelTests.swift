import BBBKernels
import BBBPosterior
import CBBBKernels
import Foundation
import TestSupport
import Testing

@testable import BBBInference
@testable import BBBTraining

/// The element-wise kernels against the paper's formulas, on every instruction set.
struct PosteriorKernelTests {
  struct Variant: CustomTestStringConvertible, Sendable {
    var prior: Prior
    var kind: UInt32
    var optimizer: Optimizer

    var testDescription: String { "\(prior), gradient kind \(kind), \(optimizer)" }

    static let all = Prior.samples.flatMap { prior in
      [bbb_gradient_of_draw, bbb_gradient_accumulated, bbb_gradient_of_moments].flatMap { kind in
        [Optimizer.gradientDescent, .momentum(0.9), .adam].map {
          Variant(prior: prior, kind: UInt32(kind.rawValue), optimizer: $0)
        }
      }
    }

    var step: bbb_posterior_step {
      bbb_posterior_step(
        gradient: bbb_gradient_kind(rawValue: kind), prior: prior.kernelPrior,
        complexity_weight: 0.03,
        optimizer: optimizer.kernelOptimizer(learningRate: 0.1, step: 4), rho_rate: 2.5,
        noise: NoiseStream.weights(tensor: 2).key(seed: 3, step: 7))
    }
  }

  /// The weights of a test: an odd number of them, after others that are left alone.
  private let start = 256
  private let count = 523

  private func noise(_ key: bbb_noise_key, _ set: InstructionSet) -> [Float] {
    let buffer = AlignedBuffer(inNoiseBlocks: count)
    bbb_standard_normals(set.kernelValue, key, start, count, buffer.start)
    return buffer.values
  }

  @Test(arguments: InstructionSet.available, Variant.all)
  func `a step is down the gradient of the paper's cost`(set: InstructionSet, variant: Variant) {
    let memory = PosteriorMemory(count: start + count, start: start, seed: 1)
    var step = variant.step
    let isOfMoments = step.gradient == bbb_gradient_of_moments
    let noise = noise(step.noise, set)
    var expected = (start..<start + count).map { memory.element($0, start: start) }
    for i in expected.indices { expected[i].take(step, variant.prior, newNoise: noise[i]) }
    let untouched = memory.mean.values[..<start]
    var parameters = memory.parameters
    bbb_step_posterior(
      set.kernelValue, &step, &parameters, start, count, memory.first.start,
      step.gradient == bbb_gradient_of_draw ? nil : memory.second.start,
      isOfMoments ? nil : memory.weight.start, isOfMoments ? memory.variance.start : nil)
    for (i, expected) in expected.enumerated() {
      let actual = memory.element(start + i, start: start)
      for (actual, expected) in [(actual.mean, expected.mean), (actual.rho, expected.rho)] {
        #expect(expected.value.matches(Float(actual.value.value)), "weight \(i)")
        #expect(expected.momentum.matches(Float(actual.momentum.value)), "weight \(i)")
        #expect(expected.square.matches(Float(actual.square.value)), "weight \(i)")
      }
      let deviation = expected.deviation
      if isOfMoments {
        #expect((deviation * deviation).matches(memory.variance.start[start + i]), "weight \(i)")
      } else {
        let draw = expected.mean.value + deviation * RoundedNumber(noise[i])
        #expect(draw.matches(memory.weight.start[start + i]), "weight \(i)")
      }
    }
    #expect(memory.mean.values[..<start] == untouched)
  }

  @Test(arguments: InstructionSet.available, Prior.samples)
  func `gradients of several draws add up`(set: InstructionSet, prior: Prior) {
    let memory = PosteriorMemory(count: start + count, start: start, seed: 2)
    let sums = (AlignedBuffer(inNoiseBlocks: count), AlignedBuffer(inNoiseBlocks: count))
    sums.0.values = memory.second.values
    sums.1.values = memory.first.values
    var step = Variant(prior: prior, kind: 1, optimizer: .gradientDescent).step
    bbb_accumulate_gradient(
      set.kernelValue, &step, 0.2, memory.mean.start, memory.rho.start, memory.weight.start, start,
      count, memory.first.start, sums.0.start, sums.1.start)
    for i in 0..<count {
      let element = memory.element(start + i, start: start)
      let gradient = element.drawGradient(step, prior)
      let share = RoundedNumber(0.2)
      #expect((RoundedNumber(element.second) + share * gradient.mean).matches(sums.0.start[i]))
      #expect(
        (RoundedNumber(element.first) + share * gradient.deviation).matches(sums.1.start[i]))
    }
  }

  @Test(arguments: InstructionSet.available)
  func `a draw is the mean plus the standard deviation times noise`(set: InstructionSet) {
    let memory = PosteriorMemory(count: start + count, start: start, seed: 3)
    let key = NoiseStream.weights(tensor: 1).key(seed: 11, step: 2)
    let noise = noise(key, set)
    bbb_draw_weights(
      set.kernelValue, key, memory.mean.start, memory.rho.start, start, count, memory.weight.start)
    bbb_variances(set.kernelValue, memory.rho.start, start, count, memory.variance.start)
    for i in 0..<count {
      let element = memory.element(start + i, start: start)
      let deviation = element.deviation
      #expect(
        (element.mean.value + deviation * RoundedNumber(noise[i])).matches(element.weight))
      #expect((deviation * deviation).matches(memory.variance.start[start + i]))
    }
  }

  @Test(arguments: InstructionSet.available, Prior.samples)
  func `the complexity cost is log q minus log P at a draw, or the divergence in closed form`(
    set: InstructionSet, prior: Prior
  ) {
    let memory = PosteriorMemory(count: start + count, start: start, seed: 4)
    let key = NoiseStream.report(tensor: 0).key(seed: 1)
    let noise = noise(key, set)
    var total = 0.0
    var magnitude = 0.0
    for i in 0..<count {
      let mean = Double(memory.mean.start[start + i])
      let deviation = softplus(Double(memory.rho.start[start + i]))
      if case .closedFormGaussian(let scale) = prior {
        let ratio = (deviation * deviation + mean * mean) / (scale * scale)
        total += log(scale / deviation) + ratio / 2 - 0.5
        magnitude += abs(log(scale)) + abs(log(deviation)) + ratio + 1
      } else {
        let logPosterior = logNormalDensity(
          Double(noise[i]) * deviation, mean: 0, deviation: deviation)
        let logPrior = prior.logDensity(mean + deviation * Double(noise[i]))
        total += logPosterior - logPrior
        magnitude += abs(logPosterior) + abs(logPrior) + 10
      }
    }
    var kernelPrior = prior.kernelPrior
    let cost = bbb_complexity_cost(
      set.kernelValue, key, &kernelPrior, memory.mean.start, memory.rho.start, start, count)
    #expect(abs(cost - total) < 1e-6 * magnitude)
    // No weight is forgotten or counted twice: the cost of two runs is that of both.
    let parts = [(start, 256), (start + 256, count - 256)].map {
      bbb_complexity_cost(
        set.kernelValue, key, &kernelPrior, memory.mean.start, memory.rho.start, $0.0, $0.1)
    }
    #expect(abs(parts[0] + parts[1] - cost) <= 1e-12 * magnitude)
  }

  @Test(
    arguments: InstructionSet.available, [Optimizer.gradientDescent, .momentum(0.8), .adam])
  func `plain weights step down the gradient with both penalties`(
    set: InstructionSet, optimizer: Optimizer
  ) {
    let memory = PosteriorMemory(count: start + count, start: start, seed: 5)
    // A weight of 0 is not pushed by the absolute value's derivative, wherever it came from.
    memory.mean.start[start] = 0
    memory.mean.start[start + 1] = -0.0
    var kernelOptimizer = optimizer.kernelOptimizer(learningRate: 0.1, step: 3)
    var expected = (start..<start + count).map { memory.element($0, start: start) }
    for i in expected.indices {
      let weight = expected[i].mean.value
      let sign = RoundedNumber(weight.value == 0 ? 0 : weight.value > 0 ? 1 : -1)
      let gradient =
        RoundedNumber(expected[i].first) + RoundedNumber(0.02) * weight
        + RoundedNumber(0.3) * sign
      expected[i].mean.step(
        gradient, kernelOptimizer, rate: RoundedNumber(kernelOptimizer.learning_rate))
    }
    bbb_step_weights(
      set.kernelValue, &kernelOptimizer, 0.02, 0.3, start, count, memory.first.start,
      memory.mean.start, memory.meanMemory[0].start, memory.meanMemory[1].start)
    for (i, expected) in expected.enumerated() {
      let actual = memory.element(start + i, start: start).mean
      #expect(expected.mean.value.matches(Float(actual.value.value)), "weight \(i)")
      #expect(expected.mean.momentum.matches(Float(actual.momentum.value)), "weight \(i)")
      #expect(expected.mean.square.matches(Float(actual.square.value)), "weight \(i)")
    }
  }

  @Test(
    arguments: [
      Optimizer.gradientDescent, .momentum(0.9), .adam,
      .adam(meanDecay: 0.5, squareDecay: 0.9, epsilon: 1e-3),
    ])
  func `many steps are those of the optimiser's paper`(optimizer: Optimizer) {
    var generator = SeededGenerator(seed: 6)
    let weights = AlignedBuffer(inNoiseBlocks: 1)
    let memory = (0..<optimizer.memoryCount).map { _ in AlignedBuffer(inNoiseBlocks: 1) }
    let gradient = AlignedBuffer(inNoiseBlocks: 1)
    weights.values = [0.5]
    var (weight, mean, square) = (0.5, 0.0, 0.0)
    for step in 0..<200 {
      gradient.values = [.random(in: -1...2, using: &generator) * (step < 100 ? 1 : 0.01)]
      let g = Double(gradient.start[0])
      switch optimizer {
      case .gradientDescent: weight -= 0.01 * g
      case .momentum(let decay):
        mean = decay * mean + g
        weight -= 0.01 * mean
      case .adam(let meanDecay, let squareDecay, let epsilon):
        // Kingma and Ba 2015, algorithm 1, line by line.
        mean = meanDecay * mean + (1 - meanDecay) * g
        square = squareDecay * square + (1 - squareDecay) * g * g
        let unbiasedMean = mean / (1 - pow(meanDecay, Double(step + 1)))
        let unbiasedSquare = square / (1 - pow(squareDecay, Double(step + 1)))
        weight -= 0.01 * unbiasedMean / (unbiasedSquare.squareRoot() + epsilon)
      }
      var kernelOptimizer = optimizer.kernelOptimizer(learningRate: 0.01, step: step)
      bbb_step_weights(
        bbb_best_instruction_set(), &kernelOptimizer, 0, 0, 0, 1, gradient.start, weights.start,
        memory.first?.start, memory.dropFirst().first?.start)
      #expect(abs(Double(weights.start[0]) - weight) < 2e-6 * Double(step + 1).squareRoot())
    }
  }
}
