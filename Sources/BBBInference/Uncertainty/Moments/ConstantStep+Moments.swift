extension ConstantStep {
  /// The moments of numbers that are Gaussian themselves.
  func propagate(_ program: MomentProgram, _ arenas: MomentArenas, width: Int) {
    run(program.means.constants[number], arenas.mean, width: width)
    run(program.variances.constants[number], arenas.variance, width: width)
    arenas.finishSecondMoments(of: output, width: width)
  }
}
