import BBBInference
import CBBBLibc
import Testing

@Suite("The divergence of predictions")
struct OutputDivergenceTests {
  @Test("of classes is the mean of Σ p log p/q")
  func classes() throws {
    let first: [Float] = [0, 1, 2, 5, -1, 0.5]
    let second: [Float] = [1, 1, 1, 4, 0, 0]
    func shares(_ logits: ArraySlice<Float>) -> [Double] {
      let powers = logits.map { exp(Double($0)) }
      return powers.map { $0 / powers.reduce(0, +) }
    }
    let expected = [0, 3].reduce(0.0) { sum, start in
      sum
        + zip(shares(first[start..<start + 3]), shares(second[start..<start + 3])).reduce(0) {
          $0 + $1.0 * log($1.0 / $1.1)
        } / 2
    }
    let distributions = try [first, second].map {
      try OutputDistribution(outputs: $0, outputCount: 3, meaning: .classes)
    }
    let found = try #require(distributions[0].divergence(from: distributions[1]))
    #expect(abs(found - expected) < 1e-12)
    #expect(distributions[0].divergence(from: distributions[0]) == 0)
  }

  @Test("of numbers is that of normal distributions, if their noise is known")
  func numbers() throws {
    func distribution(_ means: [Float], _ noise: Double?) throws -> OutputDistribution {
      try OutputDistribution(
        outputs: means, outputCount: 2, meaning: .numbers(noiseDeviation: noise))
    }
    let first = try distribution([0, 1, 2, 3], 0.5)
    let second = try distribution([1, 1, 2, 5], 0.5)
    // (1 + 4) / (2 · 0.25), over two examples.
    #expect(try #require(first.divergence(from: second)) == 5)
    let wider = try distribution([0, 1, 2, 3], 1)
    // Two targets of an example: each log 2 + 1/8 − 1/2.
    #expect(abs(try #require(first.divergence(from: wider)) - 2 * (log(2) - 0.375)) < 1e-12)
    #expect(try distribution([0, 1], nil).divergence(from: distribution([1, 1], nil)) == nil)
  }
}
