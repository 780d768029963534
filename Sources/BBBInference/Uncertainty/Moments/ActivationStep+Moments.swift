import BBBKernels
import BBBNetwork
import CBBBKernels

extension ActivationStep {
  /// The moments of a function of a Gaussian.
  func propagate(_ arenas: MomentArenas, width: Int, _ set: InstructionSet) {
    let count = output.layout.count * width
    if input.offset != output.offset {
      for arena in [arenas.mean, arenas.variance, arenas.second] {
        output.start(arena, width: width).update(
          from: input.start(arena, width: width), count: count)
      }
    }
    if let kernel = activation.kernelValue {
      bbb_activate_moments(
        set.kernelValue, kernel, count, output.start(arenas.mean, width: width),
        output.start(arenas.variance, width: width), output.start(arenas.second, width: width))
    }
    arenas.finish(output, width: width)
  }
}
