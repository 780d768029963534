/// The arenas of means, of variances and of second moments, which are laid out alike.
struct MomentArenas {
  let mean: UnsafeMutablePointer<Float>
  let variance: UnsafeMutablePointer<Float>
  let second: UnsafeMutablePointer<Float>

  /// The second moments of a value whose means and variances are there, and the zeros that readers take for zero.
  ///
  /// - Parameters:
  ///   - operand: The value.
  ///   - width: The lanes.
  func finishSecondMoments(of operand: Operand, width: Int) {
    let means = operand.start(mean, width: width)
    let variances = operand.start(variance, width: width)
    let seconds = operand.start(second, width: width)
    for index in 0..<operand.layout.count * width {
      seconds[index] = means[index] * means[index] + variances[index]
    }
    finish(operand, width: width)
  }

  /// Makes zero what readers take for zero.
  func finish(_ operand: Operand, width: Int) {
    for arena in [mean, variance, second] { operand.finish(arena, width: width) }
  }
}
