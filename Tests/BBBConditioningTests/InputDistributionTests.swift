import BBBTensors
import TestSupport
import Testing

@testable import BBBConditioning

@Suite("Input distribution")
struct InputDistributionTests {
  /// Correlated inputs of which one is twice another and one is constant.
  private static func examples(_ count: Int) -> [Float] {
    var generator = SeededGenerator(seed: 4)
    return (0..<count).flatMap { _ -> [Float] in
      let one = Float.random(in: -1...1, using: &generator)
      let other = Float.random(in: -1...1, using: &generator)
      return [one + 3, 0.25, 2 * one, one - 0.5 * other]
    }
  }

  private static func distribution(_ examples: [Float]) throws -> InputDistribution {
    try InputDistribution(exampleCount: examples.count / 4, inputCount: 4) { range in
      Array(examples[range.lowerBound * 4..<range.upperBound * 4])
    }
  }

  /// Mean and covariance by their definition, in Double.
  private static func moments(_ examples: [Float]) -> (mean: [Double], covariance: [Double]) {
    let rows = stride(from: 0, to: examples.count, by: 4).map { first in
      examples[first..<first + 4].map(Double.init)
    }
    let count = Double(rows.count)
    var mean = [Double](repeating: 0, count: 4)
    for row in rows { for column in 0..<4 { mean[column] += row[column] / count } }
    var covariance = [Double](repeating: 0, count: 16)
    for row in rows.map({ zip($0, mean).map { $0 - $1 } }) {
      for place in 0..<16 { covariance[place] += row[place / 4] * row[place % 4] / count }
    }
    return (mean, covariance)
  }

  @Test("is the mean and the covariance, of examples in several blocks")
  func definition() throws {
    let examples = Self.examples(2500)
    let distribution = try Self.distribution(examples)
    let expected = Self.moments(examples)
    #expect(distribution.exampleCount == 2500)
    #expect(zip(distribution.mean, expected.mean).allSatisfy { abs(Double($0) - $1) < 1e-6 })
    #expect(
      zip(distribution.covariance, expected.covariance).allSatisfy { abs(Double($0) - $1) < 1e-5 })
  }

  @Test("gives examples of that mean and covariance, always the same")
  func draws() throws {
    let distribution = try Self.distribution(Self.examples(500))
    let drawn = try distribution.examples(40_000)
    #expect(try distribution.examples(40_000) == drawn)
    let moments = Self.moments(drawn)
    // Five standard errors of a mean of variance 1/3, and about as many of a variance.
    #expect(zip(moments.mean, distribution.mean).allSatisfy { abs($0 - Double($1)) < 0.03 })
    #expect(
      zip(moments.covariance, distribution.covariance).allSatisfy { abs($0 - Double($1)) < 0.06 })
    for row in stride(from: 0, to: drawn.count, by: 4) {
      #expect(drawn[row + 1] == 0.25, "what never varies does not")
      #expect(
        abs(2 * (drawn[row] - distribution.mean[0]) - drawn[row + 2] + distribution.mean[2]) < 0.02)
    }
  }

  @Test("is what its tensors hold")
  func tensors() throws {
    let distribution = try Self.distribution(Self.examples(100))
    let file = TensorFile(path: "m.npz", format: .npz, tensors: distribution.tensors)
    let read = try #require(try InputDistribution(in: file))
    #expect(read.mean == distribution.mean)
    #expect(read.covariance == distribution.covariance)
    #expect(read.exampleCount == 100)
    #expect(try InputDistribution(in: TensorFile(path: "m.npz", format: .npz, tensors: [])) == nil)
  }

  @Test(
    "refuses what is no covariance",
    arguments: [
      [1, 0.5, -0.5, 1], [-1, 0, 0, 1], [1, .infinity, .infinity, 1], [1, 0, 1],
    ] as [[Float]])
  func refusals(covariance: [Float]) {
    #expect(throws: ConditioningError.self) {
      try InputDistribution(mean: [0, 0], covariance: covariance, exampleCount: 5)
    }
  }

  @Test("refuses to draw where correlations contradict each other, and measures no NaN")
  func impossible() throws {
    let impossible = try InputDistribution(
      mean: [0, 0, 0], covariance: [1, 0.9, 0.9, 0.9, 1, -0.9, 0.9, -0.9, 1], exampleCount: 9)
    #expect(throws: ConditioningError.self) { try impossible.examples(10) }
    #expect(throws: ConditioningError.self) {
      try InputDistribution(exampleCount: 2, inputCount: 1) { $0.map { $0 == 1 ? .nan : 1 } }
    }
  }
}
