import CBBBKernels
import CBBBLibc

/// How a step follows from a gradient.
public enum Optimizer: Hashable, Codable, Sendable {
  /// Plain gradient descent, as in Blundell et al. 2015 (equations 5 and 6).
  case gradientDescent
  /// Gradient descent with momentum: m ← momentum · m + g, then a step along m.
  case momentum(Double)
  /// Adam (Kingma and Ba 2015, algorithm 1).
  case adam(meanDecay: Double, squareDecay: Double, epsilon: Double)

  /// Adam with its authors' constants.
  public static let adam = Optimizer.adam(meanDecay: 0.9, squareDecay: 0.999, epsilon: 1e-8)

  /// The kernels' form of one step.
  ///
  /// - Parameters:
  ///   - learningRate: The learning rate at this step.
  ///   - step: The number of the step, counted from 0.
  /// - Returns: What the kernels read.
  func kernelOptimizer(learningRate: Double, step: Int) -> bbb_optimizer {
    switch self {
    case .gradientDescent:
      return bbb_optimizer(
        kind: bbb_gradient_descent, learning_rate: Float(learningRate), momentum: 0,
        square_decay: 0, epsilon: 0)
    case .momentum(let momentum):
      return bbb_optimizer(
        kind: bbb_momentum, learning_rate: Float(learningRate), momentum: Float(momentum),
        square_decay: 0, epsilon: 0)
    case .adam(let meanDecay, let squareDecay, let epsilon):
      // Both moments start at zero; Kingma and Ba, section 2: the correction joins the rate.
      let meanCorrection = 1 - pow(meanDecay, Double(step + 1))
      let deviationCorrection = (1 - pow(squareDecay, Double(step + 1))).squareRoot()
      return bbb_optimizer(
        kind: bbb_adam, learning_rate: Float(learningRate * deviationCorrection / meanCorrection),
        momentum: Float(meanDecay), square_decay: Float(squareDecay),
        epsilon: Float(epsilon * deviationCorrection))
    }
  }

  /// How many numbers it remembers of each parameter.
  var memoryCount: Int {
    switch self {
    case .gradientDescent: 0
    case .momentum: 1
    case .adam: 2
    }
  }
}
