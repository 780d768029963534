import BBBPosterior
import BBBPruning
import EvaluationSamples
import Foundation
import TestSupport
import Testing

@testable import BBBEvaluation

@Suite struct SignalToNoiseGapTests {
  /// Ratios whose decibels are normal around each of some centres, 4 dB wide.
  private func ratios(_ groups: [(center: Double, count: Int)], seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return groups.flatMap { group in
      (0..<group.count).map { _ in
        let normal = (0..<12).reduce(-6.0) { sum, _ in
          sum + Double.random(in: 0...1, using: &generator)
        }
        return Float(pow(10, (group.center + 4 * normal) / 20))
      }
    }
  }

  @Test func `lies between two groups of weights, and counts those below`() throws {
    let values = ratios([(-30, 18000), (10, 2000)], seed: 61)
    let gap = try #require(try SignalToNoiseGap(try ranking(values)))
    #expect((-20...0).contains(gap.decibels))
    #expect(gap.valley.peaks.count == 2)
    #expect(gap.removedCount == values.count { 20 * log10(Double($0)) < gap.decibels })
    #expect(gap.removedCount == 18000 && gap.weightCount == 20000 && gap.sparsity == 0.9)
    // Removing that fraction by ratio removes those weights.
    let pruning = try ranking(values).pruning(atSparsity: gap.sparsity)
    #expect(try #require(pruning.thresholdDecibels) < gap.decibels)
  }

  @Test func `one group has none, however far apart its outermost weights are`() throws {
    var values = ratios([(-10, 20000)], seed: 62)
    values += [1e-9, 1e9]
    #expect(try SignalToNoiseGap(try ranking(values)) == nil)
    #expect(try SignalToNoiseGap(try ranking([1])) == nil)
  }

  @Test func `means of zero and weights removed earlier lie below`() throws {
    let values = ratios([(-30, 9000), (10, 2000)], seed: 63)
    let means = values + [Float](repeating: 0, count: 700)
    let deviations =
      [Float](repeating: 1, count: values.count) + (0..<700).map { $0 < 300 ? 0 : 1 }
    let gap = try #require(
      try SignalToNoiseGap(
        try Ranking(try posterior(means, deviations), by: .signalToNoiseRatio)))
    #expect(gap.removedCount == 9700)
  }
}
