extension AddStep {
  /// The moments of a sum of independent numbers: the sums of their moments.
  func propagate(_ arenas: MomentArenas, width: Int) {
    run(arenas.mean, width: width)
    run(arenas.variance, width: width)
    arenas.finishSecondMoments(of: output, width: width)
  }
}
