import BBBKernels
import CBBBKernels

/// The parameters of a weight matrix or a bias vector in training, and what is computed from them.
final class ParameterTensor: Sendable {
  /// Its number in streams of noise: twice that of its parameter, and one more of biases.
  let number: Int
  /// Its name in checkpoints, such as `fc1.weight`.
  let name: String
  /// Its extents: outputs × inputs, or outputs.
  let shape: [Int]
  /// The posterior's means; for a point estimate the weights.
  let mean: AlignedBuffer<Float>
  /// The posterior's ρ; `nil` for a point estimate.
  let rho: AlignedBuffer<Float>?
  /// What the optimiser remembers of the means.
  let meanMemory: [AlignedBuffer<Float>]
  /// What the optimiser remembers of ρ.
  let rhoMemory: [AlignedBuffer<Float>]
  /// The weights of the current draw, where whole weights are drawn.
  let draw: AlignedBuffer<Float>?
  /// The variances, under the local reparametrisation.
  let variance: AlignedBuffer<Float>?
  /// The gradient summed over draws, of the means and of the standard deviations, where there are
  /// several draws.
  let gradientSums: [AlignedBuffer<Float>]

  var count: Int { mean.count }

  init(number: Int, name: String, shape: [Int], configuration: TrainingConfiguration) {
    self.number = number
    self.name = name
    self.shape = shape
    let count = shape.reduce(1, *)
    func buffers(_ number: Int) -> [AlignedBuffer<Float>] {
      (0..<number).map { _ in AlignedBuffer(inNoiseBlocks: count) }
    }
    mean = AlignedBuffer(inNoiseBlocks: count)
    let memoryCount = configuration.optimizer.memoryCount
    meanMemory = buffers(memoryCount)
    switch configuration.method {
    case .bayesByBackprop(let settings):
      let rho = AlignedBuffer(inNoiseBlocks: count)
      rho.values = [Float](repeating: Float(settings.initialRho), count: count)
      self.rho = rho
      rhoMemory = buffers(memoryCount)
      switch settings.estimator {
      case .weightDraws(let draws):
        draw = AlignedBuffer(inNoiseBlocks: count)
        variance = nil
        gradientSums = buffers(draws > 1 ? 2 : 0)
      case .localReparametrisation:
        draw = nil
        variance = AlignedBuffer(inNoiseBlocks: count)
        gradientSums = []
      }
    case .pointEstimate:
      rho = nil
      rhoMemory = []
      draw = nil
      variance = nil
      gradientSums = []
    }
  }

  /// The weights that a step's products use.
  var current: AlignedBuffer<Float> { draw ?? mean }

  /// The kernels' form of the posterior.
  func kernelParameters(rho: AlignedBuffer<Float>) -> bbb_gaussian_parameters {
    bbb_gaussian_parameters(
      mean: mean.start, rho: rho.start,
      mean_momentum: meanMemory.first?.start, mean_square: meanMemory.dropFirst().first?.start,
      rho_momentum: rhoMemory.first?.start, rho_square: rhoMemory.dropFirst().first?.start)
  }
}
