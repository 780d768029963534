/// The 95 % confidence interval of an error rate, after Wilson.
///
/// With p̂ = errors / count, n = count and z the 0.975 quantile of the normal distribution:
///
///     (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n)
///
/// Unlike p̂ ± z √(p̂(1 − p̂)/n), it stays within 0...1 and has a width even when there are no errors.
/// Source: Wilson, *Probable inference, the law of succession, and statistical inference*, Journal of
/// the American Statistical Association 22 (1927).
public struct WilsonInterval: Equatable, Sendable {
  /// The lower end, in 0...1.
  public let low: Double
  /// The upper end, in 0...1.
  public let high: Double

  /// Computes the interval.
  ///
  /// - Parameters:
  ///   - errors: The number of errors, in `0...count`.
  ///   - count: The number of examples; for 0 the interval is 0...1.
  public init(errors: Int, count: Int) {
    precondition(0 <= errors && errors <= count, "\(errors) errors in \(count) examples")
    guard count > 0 else {
      (low, high) = (0, 1)
      return
    }
    let n = Double(count)
    let rate = Double(errors) / n
    let z = 1.959963984540054
    let center = rate + z * z / (2 * n)
    let halfWidth = z * (rate * (1 - rate) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    // At the ends the formula yields 0 and 1 but for rounding.
    low = errors == 0 ? 0 : (center - halfWidth) / scale
    high = errors == count ? 1 : (center + halfWidth) / scale
  }
}
