import TestSupport
import Testing

@testable import BBBPruning

@Suite struct BiasCodebookTests {
  @Test func `as many biases as there are levels stay what they are`() {
    let biases = (0..<256).map { Float($0 * $0) / 7 }
    #expect(BiasCodebook.rounded(biases) == biases)
    #expect(BiasCodebook.rounded([]) == [])
  }

  /// The best that k levels can do on n equally spaced numbers is a spread of half a cell.
  @Test func `more are rounded to the levels, each to one near it`() {
    let biases = (0..<1000).map { Float($0) }
    let rounded = BiasCodebook.rounded(biases)
    #expect(Set(rounded).count <= 256)
    #expect(zip(biases, rounded).allSatisfy { abs($0 - $1) <= 2 })
  }

  @Test func `one bias far from the others does not take their precision`() {
    var generator = SeededGenerator(seed: 311)
    let biases = (0..<600).map { _ in Float.random(in: -1...1, using: &generator) } + [-50_000]
    let rounded = BiasCodebook.rounded(biases)
    #expect(Set(rounded).count <= 256)
    #expect(rounded[600] == -50_000)
    #expect(zip(biases, rounded).allSatisfy { abs($0 - $1) < 0.03 })
  }
}
