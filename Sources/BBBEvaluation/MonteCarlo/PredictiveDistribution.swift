#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The predictive distribution of a Bayesian network, estimated by Monte Carlo: class probabilities
/// averaged over draws of the weights.
///
/// P̂(y | x) = 1/N Σ P(y | x, wⁿ), wⁿ ~ q (Blundell et al. 2015, section 3.2). Probabilities are
/// averaged, never their logarithms; the sums are held as logarithms only so that a probability too
/// small for a number does not become 0.
struct PredictiveDistribution {
  private let classCount: Int
  /// log Σ P(y | x, wⁿ): examples × classes.
  private var logSums: [Double]
  private var drawCount = 0

  /// Begins an average over no draws.
  init(exampleCount: Int, classCount: Int) {
    self.classCount = classCount
    logSums = Array(repeating: -.infinity, count: exampleCount * classCount)
  }

  /// Adds one draw; sums are rounded, so that the order of draws matters in the last digits.
  ///
  /// - Parameter logProbabilities: log P(y | x, w): examples × classes; see
  ///   ``logProbabilities(ofLogits:classCount:)``.
  mutating func add(_ logProbabilities: [Double]) {
    precondition(logProbabilities.count == logSums.count, "a draw of other examples")
    for (index, term) in logProbabilities.enumerated() {
      let sum = logSums[index]
      logSums[index] =
        sum == -.infinity ? term : max(sum, term) + log1p(exp(-abs(sum - term)))
    }
    drawCount += 1
  }

  /// Compares the average over the draws so far with the labels.
  ///
  /// - Parameter labels: The class of each example.
  /// - Returns: Errors, likelihood and calibration.
  func result(labels: [Int]) -> ClassificationResult {
    precondition(drawCount > 0, "an average needs at least one draw")
    let logCount = log(Double(drawCount))
    return ClassificationResult(
      logits: logSums.map { Float($0 - logCount) }, classCount: classCount, labels: labels)
  }

  /// The logarithm of the softmax of each example's logits.
  ///
  /// - Parameters:
  ///   - logits: Examples × classes.
  ///   - classCount: The number of classes.
  /// - Returns: Examples × classes.
  static func logProbabilities(ofLogits logits: [Float], classCount: Int) -> [Double] {
    var result = logits.map(Double.init)
    for start in stride(from: 0, to: result.count, by: classCount) {
      let example = start..<(start + classCount)
      let largest = result[example].reduce(-.infinity) { max($0, $1) }
      let logOfSum = largest + log(result[example].reduce(0) { $0 + exp($1 - largest) })
      for index in example { result[index] -= logOfSum }
    }
    return result
  }
}
