import BBBKernels
import BBBNetwork
import CBBBKernels

extension MatrixStep {
  /// The moments of sums of independent products: E = Σ μ m + μ_b, Var = Σ (μ² v + σ² (v + m²)) + σ_b²; then what follows.
  func propagate(
    _ program: MomentProgram, _ arenas: MomentArenas, width: Int, _ set: InstructionSet
  ) {
    runOnTile(program.means.matrices[number], arenas.mean, width: width, rectifies: false, set)
    runOnTile(
      program.variances.matrices[number], arenas.second, width: width, rectifies: false, set)
    let count = output.layout.count * width
    let variance = output.start(arenas.variance, width: width)
    let second = output.start(arenas.second, width: width)
    if inputIsCertain {
      variance.update(repeating: 0, count: count)
    } else {
      runOnTile(
        program.squaredMeans.matrices[number], arenas.variance, width: width, rectifies: false, set)
    }
    for index in 0..<count { variance[index] += second[index] }
    guard let kernel = activation.kernelValue else {
      arenas.finishSecondMoments(of: output, width: width)
      return
    }
    bbb_activate_moments(
      set.kernelValue, kernel, count, output.start(arenas.mean, width: width), variance, second)
    arenas.finish(output, width: width)
  }
}
