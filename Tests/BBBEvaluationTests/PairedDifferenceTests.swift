import Foundation
import Testing

@testable import BBBEvaluation

struct PairedDifferenceTests {
  private static let quantile = 1.959963984540054

  /// The score statistic of a difference: the variance is that of the most likely probabilities under it, which are
  /// searched for here and not computed.
  private func score(_ delta: Double, onlyFirst b: Double, onlySecond c: Double, of n: Double)
    -> Double
  {
    func logLikelihood(_ q: Double) -> Double {
      func term(_ count: Double, _ probability: Double) -> Double {
        count == 0 ? 0 : count * log(probability)
      }
      return term(b, q + delta) + term(c, q) + term(n - b - c, 1 - 2 * q - delta)
    }
    var (low, high) = (max(0, -delta), (1 - delta) / 2)
    for _ in 0..<300 {
      let (left, right) = (low + (high - low) / 3, high - (high - low) / 3)
      if logLikelihood(left) < logLikelihood(right) { low = left } else { high = right }
    }
    let variance = 2 * (low + high) / 2 + delta - delta * delta
    return (b - c - n * delta) / (n * variance).squareRoot()
  }

  @Test(arguments: [
    (3, 0, 50), (8, 3, 100), (1, 1, 10), (0, 5, 40), (40, 25, 10_000), (20, 20, 300), (12, 2, 50),
  ])
  func `the interval ends where the score statistic is the quantile`(b: Int, c: Int, n: Int) {
    let difference = PairedDifference(onlyFirst: b, onlySecond: c, count: n)
    #expect(difference.difference == Double(b - c) / Double(n))
    for (end, sign) in [(difference.low, 1.0), (difference.high, -1.0)] {
      let score = score(end, onlyFirst: Double(b), onlySecond: Double(c), of: Double(n))
      #expect(abs(score - sign * Self.quantile) < 1e-4, "\(end)")
    }
  }

  @Test func `without a changed answer it is as wide as the examples are few`() {
    for count in [1, 50, 10_000] {
      let square = Self.quantile * Self.quantile
      let end = square / (Double(count) + square)
      let difference = PairedDifference(onlyFirst: 0, onlySecond: 0, count: count)
      #expect(difference.difference == 0)
      #expect(abs(difference.high - end) < 1e-12 && abs(difference.low + end) < 1e-12)
    }
  }

  @Test func `covers the true difference about 95 times of 100, also of few examples`() {
    // Every outcome of 40 examples, weighed by its probability.
    let n = 40
    for (lost, won) in [(0.05, 0.05), (0.1, 0.02), (0.3, 0.2), (0.02, 0.0)] {
      var coverage = 0.0
      for b in 0...n {
        for c in 0...(n - b) {
          let interval = PairedDifference(onlyFirst: b, onlySecond: c, count: n)
          guard interval.low - 1e-12 <= lost - won, lost - won <= interval.high + 1e-12 else {
            continue
          }
          let counts =
            lgamma(Double(n + 1)) - lgamma(Double(b + 1)) - lgamma(Double(c + 1))
            - lgamma(Double(n - b - c + 1))
          coverage +=
            exp(counts) * pow(lost, Double(b)) * pow(won, Double(c))
            * pow(1 - lost - won, Double(n - b - c))
        }
      }
      #expect(0.935...1 ~= coverage, "\(lost), \(won): \(coverage)")
    }
  }

  @Test func `which classifier is the first only turns the sign`() {
    let there = PairedDifference(onlyFirst: 9, onlySecond: 2, count: 70)
    let back = PairedDifference(onlyFirst: 2, onlySecond: 9, count: 70)
    #expect(there.difference == -back.difference)
    #expect(there.low == -back.high && there.high == -back.low)
  }

  @Test func `the ends of the scale are not passed`() {
    #expect(PairedDifference(onlyFirst: 5, onlySecond: 0, count: 5).high == 1)
    #expect(PairedDifference(onlyFirst: 0, onlySecond: 5, count: 5).low == -1)
    let nothing = PairedDifference(onlyFirst: 0, onlySecond: 0, count: 0)
    #expect(nothing.difference.isNaN && nothing.low == -1 && nothing.high == 1)
  }

  @Test func `is that of the answers that differ`() {
    let first = [true, true, false, true, false]
    let second = [false, true, true, false, false]
    #expect(
      PairedDifference(isCorrectFirst: first, isCorrectSecond: second)
        == PairedDifference(onlyFirst: 2, onlySecond: 1, count: 5))
  }

  @Test(arguments: [0.0005, 0.002, 0.1, 1])
  func `the fewest examples that show a tolerance show it, and one fewer do not`(tolerance: Double)
  {
    let fewest = PairedDifference.fewestExamples(showing: tolerance)
    func high(_ count: Int) -> Double {
      PairedDifference(onlyFirst: 0, onlySecond: 0, count: count).high
    }
    #expect(high(fewest) <= tolerance)
    if fewest > 0 { #expect(high(fewest - 1) > tolerance) }
  }

  /// Against the roots that SciPy finds of (m₂ − ρ m₁)² = 1.96² Var[e₂ − ρ e₁]/n.
  @Test func `squared errors are compared by their ratio`() {
    let rise = PairedDifference(
      squaredErrorsFirst: [0.5, 1, 0.25, 2, 0.75, 1.5, 0.1, 0.9],
      squaredErrorsSecond: [0.6, 0.9, 0.5, 2.5, 0.8, 1.4, 0.2, 1.3])
    #expect(abs(rise.difference - 0.082325538564332) < 1e-12)
    #expect(abs(rise.low + 0.0010287268326710786) < 1e-9)
    #expect(abs(rise.high - 0.18662434718622145) < 1e-9)
  }

  @Test func `equal errors do not differ, and few examples bound nothing`() {
    let same = PairedDifference(squaredErrorsFirst: [1, 2], squaredErrorsSecond: [1, 2])
    #expect(same.difference == 0 && same.low == 0 && same.high == 0)
    let one = PairedDifference(squaredErrorsFirst: [1], squaredErrorsSecond: [4])
    #expect(one.difference == 1 && one.low == -1 && one.high == .infinity)
    let wild = PairedDifference(squaredErrorsFirst: [0, 9], squaredErrorsSecond: [4, 1])
    #expect(wild.high == .infinity)
  }
}
