extension CopyStep {
  /// The moments of elements elsewhere.
  func propagate(_ arenas: MomentArenas, width: Int) {
    for arena in [arenas.mean, arenas.variance, arenas.second] { run(arena, width: width) }
  }
}
