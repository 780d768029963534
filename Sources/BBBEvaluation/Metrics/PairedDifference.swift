/// By how much a second predictor's mean loss is above a first one's on the same examples, with its 95 % interval.
///
/// The loss of a classifier is 1 for a wrong answer and 0 for a right one, so that its mean is the error rate. The
/// upper end of the interval tells whether the second is *not inferior*: below a tolerance stated beforehand, a
/// larger increase is ruled out. That no significant difference was found rules out nothing: with few examples none
/// can be found.
///
/// Source of the judgement: Piaggio, Elbourne, Pocock, Evans and Altman, *Reporting of noninferiority and
/// equivalence randomized trials: extension of the CONSORT 2010 statement*, JAMA 308 (2012).
public struct PairedDifference: Equatable, Sendable {
  /// The second mean loss minus the first; NaN if there are no examples.
  public let difference: Double
  /// The lower end of its 95 % interval.
  public let low: Double
  /// The upper end of its 95 % interval.
  public let high: Double

  /// The 0.975 quantile of the normal distribution.
  static let quantile = 1.959963984540054

  /// Compares two classifiers by the examples on which they differ, by Tango's score interval.
  ///
  /// With b examples that only the first gets right, c that only the second does and n in all, the interval holds
  /// the differences δ for which
  ///
  ///     |b − c − n δ| ≤ 1.96 √(n (2 q + δ (1 − δ)))
  ///
  /// where q is the probability that only the second is right, most likely under δ: the root of
  /// 2 n q² + ((2 n − b + c) δ − b − c) q − c δ (1 − δ) = 0 that is not negative. Unlike the normal approximation it
  /// has a width even if no answer differs: then it ends at z²/(n + z²).
  ///
  /// Source: Tango, *Equivalence test and confidence interval for the difference in proportions for the
  /// paired-sample design*, Statistics in Medicine 17 (1998).
  ///
  /// - Parameters:
  ///   - onlyFirst: The number of examples that only the first classifier gets right.
  ///   - onlySecond: The number of examples that only the second classifier gets right.
  ///   - count: The number of examples, at least the sum of the two; for 0 the interval is −1...1.
  public init(onlyFirst: Int, onlySecond: Int, count: Int) {
    precondition(
      onlyFirst >= 0 && onlySecond >= 0 && onlyFirst + onlySecond <= count,
      "classifiers differ on \(onlyFirst) and \(onlySecond) of \(count) examples")
    difference = Double(onlyFirst - onlySecond) / Double(count)
    low = -Self.scoreBound(Double(onlySecond), Double(onlyFirst), Double(count))
    high = Self.scoreBound(Double(onlyFirst), Double(onlySecond), Double(count))
  }

  /// Compares two classifiers example by example (``init(onlyFirst:onlySecond:count:)``).
  ///
  /// - Parameters:
  ///   - isCorrectFirst: Whether the first classifier is right, for each example.
  ///   - isCorrectSecond: Whether the second is, for the same examples in the same order.
  public init(isCorrectFirst: [Bool], isCorrectSecond: [Bool]) {
    let test = McNemarTest(isCorrectFirst: isCorrectFirst, isCorrectSecond: isCorrectSecond)
    self.init(
      onlyFirst: test.onlyFirst, onlySecond: test.onlySecond, count: isCorrectFirst.count)
  }

  /// The largest difference that Tango's interval holds.
  private static func scoreBound(_ onlyFirst: Double, _ onlySecond: Double, _ count: Double)
    -> Double
  {
    // Without examples, or with every one lost, no difference is too large.
    guard onlyFirst < count else { return 1 }
    func isHeld(_ delta: Double) -> Bool {
      let linear = (2 * count - onlyFirst + onlySecond) * delta - onlyFirst - onlySecond
      let constant = -onlySecond * delta * (1 - delta)
      let root = (linear * linear - 8 * count * constant).squareRoot()
      let onlySecondProbability = max(0, (root - linear) / (4 * count))
      let distance = onlyFirst - onlySecond - count * delta
      let variance = count * (2 * onlySecondProbability + delta * (1 - delta))
      return distance * distance <= quantile * quantile * variance
    }
    var (held, beyond) = ((onlyFirst - onlySecond) / count, 1.0)
    // Each step halves the distance, until no number lies between.
    while true {
      let middle = (held + beyond) / 2
      guard held < middle, middle < beyond else { return held }
      if isHeld(middle) { held = middle } else { beyond = middle }
    }
  }
}

extension PairedDifference {
  /// Compares two predictors of numbers by their squared errors on the same examples: how far the second's root mean
  /// squared error is above the first's, as a fraction of the first's.
  ///
  /// With the means m₁ and m₂ of n squared errors, their variances v₁ and v₂ and their covariance c, the interval of
  /// ρ = m₂/m₁ holds the ratios for which
  ///
  ///     (m₂ − ρ m₁)² ≤ 1.96² (v₂ − 2 ρ c + ρ² v₁)/n
  ///
  /// and √ρ − 1 is the fraction. Its upper end is ∞ where the examples are too few to bound it.
  ///
  /// Source: Fieller, *Some problems in interval estimation*, Journal of the Royal Statistical Society B 16 (1954).
  ///
  /// - Parameters:
  ///   - squaredErrorsFirst: The first predictor's squared error of each example.
  ///   - squaredErrorsSecond: The second's, of the same examples in the same order.
  public init(squaredErrorsFirst: [Double], squaredErrorsSecond: [Double]) {
    precondition(
      squaredErrorsFirst.count == squaredErrorsSecond.count, "other examples for each predictor")
    let count = Double(squaredErrorsFirst.count)
    let first = squaredErrorsFirst.reduce(0, +) / count
    let second = squaredErrorsSecond.reduce(0, +) / count
    guard squaredErrorsFirst != squaredErrorsSecond else {
      (difference, low, high) = (0, 0, 0)
      return
    }
    difference = (second / first).squareRoot() - 1
    var (firstVariance, secondVariance, covariance) = (0.0, 0.0, 0.0)
    for (one, other) in zip(squaredErrorsFirst, squaredErrorsSecond) {
      firstVariance += (one - first) * (one - first)
      secondVariance += (other - second) * (other - second)
      covariance += (one - first) * (other - second)
    }
    let factor = Self.quantile * Self.quantile / (count * (count - 1))
    let square = first * first - factor * firstVariance
    let half = first * second - factor * covariance
    let constant = second * second - factor * secondVariance
    guard count > 1, square > 0 else {
      (low, high) = (-1, .infinity)
      return
    }
    let root = max(0, half * half - square * constant).squareRoot()
    low = max(0, (half - root) / square).squareRoot() - 1
    high = ((half + root) / square).squareRoot() - 1
  }

  /// Compares two results on the same examples: the increase of the error rate, or of the root mean squared error as a
  /// fraction of the first's.
  ///
  /// - Parameters:
  ///   - first: The first predictor's result.
  ///   - second: The second's, of the same kind.
  init(_ first: EvaluationResult, _ second: EvaluationResult) {
    switch (first, second) {
    case (.classes(let first), .classes(let second)):
      self.init(isCorrectFirst: first.isCorrect, isCorrectSecond: second.isCorrect)
    case (.numbers(let first), .numbers(let second)):
      self.init(
        squaredErrorsFirst: first.squaredErrors, squaredErrorsSecond: second.squaredErrors)
    default: preconditionFailure("classes and numbers cannot be compared")
    }
  }

  /// How many examples show that an error rises by no more than a tolerance, if no answer changes at all: with
  /// fewer, nothing shows it.
  ///
  /// - Parameter tolerance: The increase that is tolerated, as a fraction of the examples, above 0 and at most 1.
  /// - Returns: The smallest number whose interval around no change ends at the tolerance or below.
  public static func fewestExamples(showing tolerance: Double) -> Int {
    precondition(0 < tolerance && tolerance <= 1, "a tolerance of \(tolerance) of the examples")
    return Int((quantile * quantile * (1 / tolerance - 1)).rounded(.up))
  }
}
