import BBBKernels
import CBBBKernels

extension ArithmeticStep {
  /// The moments of what is computed of numbers that are taken as Gaussian and independent, also where operands share
  /// inputs.
  ///
  /// Of sums and differences the means are added and subtracted, and the variances added. Of a product the mean is m₁ m₂,
  /// the variance v₁ v₂ + v₁ m₂² + v₂ m₁². Of a maximum or minimum they are Clark's (see ``PoolStep``). Of a quotient, a
  /// power and comparisons there are none (`Network.momentObstacle`).
  func propagate(_ arenas: MomentArenas, width: Int, _ set: InstructionSet) {
    switch arithmetic {
    case .add, .subtract:
      compute(arithmetic, arenas.mean, width: width, set)
      compute(.add, arenas.variance, width: width, set)
    case .multiply: multiply(arenas, width: width)
    case .minimum: choose(arenas, width: width, sign: -1, set)
    case .maximum: choose(arenas, width: width, sign: 1, set)
    case .divide, .power, .equal, .less, .select:
      preconditionFailure("that there are rules is checked before moments are propagated")
    }
    arenas.finishSecondMoments(of: output, width: width)
  }

  private func multiply(_ arenas: MomentArenas, width: Int) {
    let (mean, variance) = (arenas.mean, arenas.variance)
    forEachNumber { result, one, other in
      for lane in 0..<width {
        let (m1, v1) = (mean[one * width + lane], variance[one * width + lane])
        let (m2, v2) = (mean[other * width + lane], variance[other * width + lane])
        mean[result * width + lane] = m1 * m2
        variance[result * width + lane] = v1 * v2 + v1 * m2 * m2 + v2 * m1 * m1
      }
    }
  }

  /// The maximum, or with the sign −1 the minimum, which is the negative maximum of the negative numbers.
  private func choose(_ arenas: MomentArenas, width: Int, sign: Float, _ set: InstructionSet) {
    // A copy of one operand: the result may stand in its place.
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * width) { copy in
      guard let means = copy.baseAddress else { return }
      let variances = means + width
      forEachNumber { result, one, other in
        let mean = arenas.mean + result * width
        let variance = arenas.variance + result * width
        for lane in 0..<width { means[lane] = sign * arenas.mean[other * width + lane] }
        variances.update(from: arenas.variance + other * width, count: width)
        for lane in 0..<width { mean[lane] = sign * arenas.mean[one * width + lane] }
        variance.update(from: arenas.variance + one * width, count: width)
        bbb_maximum_moments(set.kernelValue, width, mean, variance, means, variances)
        for lane in 0..<width { mean[lane] *= sign }
      }
    }
  }
}
