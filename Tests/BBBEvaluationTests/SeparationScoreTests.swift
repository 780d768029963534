import BBBEvaluation
import TestSupport
import Testing

struct SeparationScoreTests {
  @Test func `is the share of pairs in the right order, equal ones counting half`() {
    var generator = SeededGenerator(seed: 4)
    for count in [1, 2, 7, 60] {
      // Few different scores, so that many are equal.
      let high = (0..<count).map { _ in Double(Int.random(in: 2...9, using: &generator)) }
      let low = (0..<count + 3).map { _ in Double(Int.random(in: 0...6, using: &generator)) }
      var wins = 0.0
      for a in high { for b in low { wins += a > b ? 1 : a == b ? 0.5 : 0 } }
      let expected = wins / Double(high.count * low.count)
      #expect(abs(SeparationScore.area(high: high, low: low) - expected) < 1e-15)
    }
  }

  @Test func `is 1 for groups apart, ½ for one group, 0 for the wrong order`() {
    #expect(SeparationScore.area(high: [3, 4], low: [1, 2]) == 1)
    #expect(SeparationScore.area(high: [1, 2, 2], low: [2, 1, 2]) == 0.5)
    #expect(SeparationScore.area(high: [0], low: [1, 2]) == 0)
  }

  @Test func `is no number without two groups of numbers`() {
    #expect(SeparationScore.area(high: [], low: [1]).isNaN)
    #expect(SeparationScore.area(high: [1], low: []).isNaN)
    #expect(SeparationScore.area(high: [.nan], low: [1]).isNaN)
  }
}
