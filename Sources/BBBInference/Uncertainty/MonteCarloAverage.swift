import CBBBLibc

/// Class probabilities, and their entropies, averaged over draws of the weights.
///
/// Probabilities are averaged, never their logarithms; the sums are held as logarithms only so that a
/// probability too small for a number does not become 0.
struct MonteCarloAverage {
  private let classCount: Int
  /// log Σ P(y | x, wⁿ): examples × classes.
  private var logSums: [Double]
  /// Σ H[P(· | x, wⁿ)] of each example.
  private var entropySums: [Double]
  private var drawCount = 0

  /// Begins an average over no draws.
  init(exampleCount: Int, classCount: Int) {
    self.classCount = classCount
    logSums = Array(repeating: -.infinity, count: exampleCount * classCount)
    entropySums = Array(repeating: 0, count: exampleCount)
  }

  /// Adds the prediction of one draw; sums are rounded, so that the order of draws matters in the last
  /// digits.
  mutating func add(_ draw: PredictiveDistribution) {
    precondition(draw.logProbabilities.count == logSums.count, "a draw of other examples")
    for (index, term) in draw.logProbabilities.enumerated() {
      let sum = logSums[index]
      logSums[index] =
        sum == -.infinity ? term : max(sum, term) + log1p(exp(-abs(sum - term)))
    }
    for (index, term) in draw.aleatoricEntropies.enumerated() { entropySums[index] += term }
    drawCount += 1
  }

  /// The average over the draws so far, at least one.
  var distribution: PredictiveDistribution {
    precondition(drawCount > 0, "an average needs at least one draw")
    let logCount = log(Double(drawCount))
    return PredictiveDistribution(
      classCount: classCount, logProbabilities: logSums.map { $0 - logCount },
      aleatoricEntropies: entropySums.map { $0 / Double(drawCount) })
  }
}
