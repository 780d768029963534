import BBBKernels
import CBBBKernels
import Foundation
import TestSupport

@testable import BBBTraining

/// Posteriors of many weights with extreme parameters, as the kernels hold them.
struct PosteriorMemory {
  let mean: AlignedBuffer<Float>
  let rho: AlignedBuffer<Float>
  let meanMemory: [AlignedBuffer<Float>]
  let rhoMemory: [AlignedBuffer<Float>]
  let weight: AlignedBuffer<Float>
  let variance: AlignedBuffer<Float>
  /// The gradients: they start where the run of weights does.
  let first: AlignedBuffer<Float>
  let second: AlignedBuffer<Float>

  /// Makes `count` weights: |μ| from 1e-8 to 1e3, ρ from −20 to 20.
  init(count: Int, start: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    func logUniform(_ exponents: ClosedRange<Double>) -> Float {
      Float(pow(10, Double.random(in: exponents, using: &generator)))
    }
    func signed(_ exponents: ClosedRange<Double>) -> Float {
      Bool.random(using: &generator) ? logUniform(exponents) : -logUniform(exponents)
    }
    func buffer(_ count: Int, _ make: () -> Float) -> AlignedBuffer<Float> {
      let buffer = AlignedBuffer(inNoiseBlocks: count)
      buffer.values = (0..<count).map { _ in make() }
      return buffer
    }
    mean = buffer(count) { signed(-8...3) }
    rho = buffer(count) { .random(in: -20...20, using: &generator) }
    (rho.start[0], rho.start[start], rho.start[count - 1]) = (-20, 20, -20)
    meanMemory = [buffer(count) { signed(-6...1) }, buffer(count) { logUniform(-12...2) }]
    rhoMemory = [buffer(count) { signed(-6...1) }, buffer(count) { logUniform(-12...2) }]
    weight = AlignedBuffer(inNoiseBlocks: count)
    variance = AlignedBuffer(inNoiseBlocks: count)
    first = buffer(count - start) { signed(-6...1) }
    second = buffer(count - start) { signed(-6...1) }
    let key = NoiseStream.report(tensor: 1).key(seed: seed)
    bbb_draw_weights(
      bbb_best_instruction_set(), key, mean.start, rho.start, 0, count, weight.start)
  }

  func element(_ index: Int, start: Int) -> PosteriorElement {
    PosteriorElement(
      mean: OptimizedNumber(
        mean.start[index], momentum: meanMemory[0].start[index],
        square: meanMemory[1].start[index]),
      rho: OptimizedNumber(
        rho.start[index], momentum: rhoMemory[0].start[index],
        square: rhoMemory[1].start[index]),
      weight: weight.start[index], first: first.start[index - start],
      second: second.start[index - start])
  }

  var parameters: bbb_gaussian_parameters {
    bbb_gaussian_parameters(
      mean: mean.start, rho: rho.start, mean_momentum: meanMemory[0].start,
      mean_square: meanMemory[1].start, rho_momentum: rhoMemory[0].start,
      rho_square: rhoMemory[1].start)
  }
}
