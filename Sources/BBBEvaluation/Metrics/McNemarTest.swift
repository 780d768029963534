/// The exact McNemar test of whether two classifiers err equally often on the same examples.
///
/// Only the examples that exactly one of them gets right count. If both err equally often, either
/// is as likely to be the one, so that the two-sided p-value is
///
///     p = min(1, 2 P(X ≤ min(b, c))),  X ~ Binomial(b + c, ½)
///
/// with b examples that only the first gets right and c that only the second does.
///
/// Source: McNemar, *Note on the sampling error of the difference between correlated proportions or
/// percentages*, Psychometrika 12 (1947), with the binomial distribution in place of its χ²
/// approximation.
public struct McNemarTest: Equatable, Sendable {
  /// The number of examples that only the first classifier gets right.
  public let onlyFirst: Int
  /// The number of examples that only the second classifier gets right.
  public let onlySecond: Int
  /// The two-sided p-value, in 0...1; 1 if the classifiers are right on the same examples.
  public let pValue: Double

  /// Compares two classifiers example by example.
  ///
  /// - Parameters:
  ///   - isCorrectFirst: Whether the first classifier is right, for each example.
  ///   - isCorrectSecond: Whether the second is, for the same examples in the same order.
  public init(isCorrectFirst: [Bool], isCorrectSecond: [Bool]) {
    precondition(
      isCorrectFirst.count == isCorrectSecond.count, "the classifiers saw different examples")
    var onlyFirst = 0
    var onlySecond = 0
    for (first, second) in zip(isCorrectFirst, isCorrectSecond) where first != second {
      if first { onlyFirst += 1 } else { onlySecond += 1 }
    }
    self.init(onlyFirst: onlyFirst, onlySecond: onlySecond)
  }

  /// Compares two classifiers by the examples on which they differ.
  ///
  /// - Parameters:
  ///   - onlyFirst: The number of examples that only the first classifier gets right.
  ///   - onlySecond: The number of examples that only the second classifier gets right.
  public init(onlyFirst: Int, onlySecond: Int) {
    precondition(onlyFirst >= 0 && onlySecond >= 0, "counts of examples are not negative")
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
    pValue = min(1, 2 * Self.lowerTail(min(onlyFirst, onlySecond), of: onlyFirst + onlySecond))
  }

  /// The smallest increase of an error rate that the test could find significant (p < 0.05), if no other answer
  /// changes: that of six examples.
  ///
  /// - Parameter count: The number of examples.
  /// - Returns: The increase as a fraction of the examples; `nil` if they are too few for any to be significant.
  public static func smallestSignificantIncrease(among count: Int) -> Double? {
    count < fewestSignificant ? nil : Double(fewestSignificant) / Double(count)
  }

  /// The smallest number of examples that, all lost and none won, are significant.
  package static let fewestSignificant =
    (1...).first { McNemarTest(onlyFirst: $0, onlySecond: 0).pValue < 0.05 } ?? .max

  /// P(X ≤ k) for X ~ Binomial(n, ½) and k ≤ n/2, in time O(k).
  ///
  /// Sums the binomial coefficients, which are exact up to 2⁵³, and keeps a power of two aside, so that
  /// nothing overflows.
  private static func lowerTail(_ k: Int, of n: Int) -> Double {
    var coefficient = 1.0
    var sum = 1.0
    var exponent = -n
    for i in stride(from: 1, through: k, by: 1) {
      coefficient = coefficient * Double(n - i + 1) / Double(i)
      sum += coefficient
      if sum > 0x1p900 {
        coefficient *= 0x1p-900
        sum *= 0x1p-900
        exponent += 900
      }
    }
    return Double(sign: .plus, exponent: exponent, significand: sum)
  }
}
