import BBBPosterior
import BBBPruning
import EvaluationSamples
import Foundation
import TestSupport
import Testing

@testable import BBBEvaluation

struct SignalToNoiseHistogramTests {
  @Test func `counts weights by 20 log₁₀ of |μ|/σ, biases excepted`() throws {
    // 20 dB is a factor of 10: ratios of 0, 1, 10 and 100 are at −∞, 0, 20 and 40 dB.
    let posterior = try posterior([0, -1, 5, 0.5, -20], [3, 1, 0.5, 0.05, 0.2])
    let histogram = try SignalToNoiseHistogram(try Ranking(posterior, by: .signalToNoiseRatio))
    #expect(histogram.weightCount == 5)
    #expect(histogram.zeroCount == 1)
    func count(around decibels: Double) -> Int {
      histogram.counts[histogram.bins.index(of: decibels)]
    }
    // The numbers next to 0.05 and 0.2 in single precision are a little above them.
    #expect(count(around: 0) == 1 && count(around: 39.99) == 1)
    #expect(count(around: 20) + count(around: 19.99) == 2)
    #expect(histogram.counts.reduce(0, +) == 4)
    #expect(histogram.belowCount == 0 && histogram.aboveCount == 0)
  }

  /// Weights as a scale mixture leaves them, some of them exactly 0 or removed earlier.
  private func mixture() throws -> Ranking {
    var generator = SeededGenerator(seed: 42)
    let means = (0..<20000).map { index -> Float in
      if index.isMultiple(of: 50) { return 0 }
      let sum = (0..<12).reduce(Float(-6)) { sum, _ in
        sum + Float.random(in: 0...1, using: &generator)
      }
      return sum * (index.isMultiple(of: 3) ? 10 : 0.02)
    }
    let deviations = (0..<20000).map { Float($0.isMultiple(of: 100) ? 0 : 1) }
    return try Ranking(try posterior(means, deviations), by: .signalToNoiseRatio)
  }

  @Test func `densities over the bins and what lies outside are all the weights`() throws {
    let histogram = try SignalToNoiseHistogram(try mixture())
    #expect(histogram.weightCount == 20000)
    #expect(histogram.removedCount == 200 && histogram.zeroCount == 200)
    #expect(histogram.belowCount > 0)
    let inside = zip(histogram.densities, zip(histogram.edges, histogram.edges.dropFirst()))
      .reduce(0) { $0 + $1.0 * ($1.1.1 - $1.1.0) }
    let outside = 400 + histogram.belowCount + histogram.aboveCount
    #expect(abs(inside + Double(outside) / 20000 - 1) < 1e-12)
  }

  @Test func `the cumulative share is that of the ranking's quantiles and thresholds`() throws {
    let ranking = try mixture()
    let histogram = try SignalToNoiseHistogram(ranking)
    try #require(histogram.cumulativeShares.count == histogram.edges.count)
    for (edge, share) in zip(histogram.edges, histogram.cumulativeShares) {
      // Removing that share removes what lies below the edge, and nothing else.
      let threshold = try ranking.pruning(atSparsity: share).thresholdDecibels
      #expect(threshold ?? -.infinity < edge)
      let next = try ranking.decibels(atRanks: [min(Int((share * 20000).rounded()), 19999)])[0]
      #expect(try #require(next) >= edge || share == 1)
    }
    for cutoff in histogram.cutoffs {
      #expect(
        try ranking.pruning(atSparsity: cutoff.sparsity).thresholdDecibels == cutoff.decibels)
    }
    #expect(histogram.cutoffs.map(\.sparsity) == [0.75, 0.95])
  }

  @Test func `two groups have a valley, one has none`() throws {
    // Two thirds around 0.02 (-34 dB), one third around 10 (20 dB).
    let valley = try #require(try SignalToNoiseHistogram(try mixture()).valley)
    #expect(valley.peaks[0] < -30 && valley.peaks[1] > 15)
    #expect(valley.peaks[0] < valley.range.lowerBound && valley.range.upperBound < valley.peaks[1])
    let even = try SignalToNoiseHistogram(try ranking((1...5000).map { pow(10, Float($0) / 5000) }))
    #expect(even.valley == nil)
    #expect(even.mode != nil)
    let apart = try ranking(
      (0..<2000).map { $0.isMultiple(of: 2) ? 1.02 : 10.5 + Float($0) / 4000 })
    let gap = try #require(try SignalToNoiseHistogram(apart).valley)
    // 0.2 dB and 20.4 to 20.8 dB, in bins of 0.4 dB.
    #expect(gap.count == 0 && gap.range == 0.4...20.4)
  }

  @Test func `a few weights are too few for a valley`() throws {
    #expect(try SignalToNoiseHistogram(try ranking([1, 1, 10, 10])).valley == nil)
  }

  @Test func `ratios decayed to nothing do not stretch the picture`() throws {
    let decayed = (0..<300).map { _ in Float(1e-35) }
    let histogram = try SignalToNoiseHistogram(
      try ranking(decayed + (1...700).map { Float($0) / 100 }))
    #expect(histogram.belowCount >= 300)
    #expect(try #require(histogram.edges.first) >= -60)
  }

  @Test func `without any ratio above 0 there are no bins`() throws {
    let histogram = try SignalToNoiseHistogram(try ranking([0, 0, 0]))
    #expect(histogram.edges.isEmpty && histogram.cumulativeShares.isEmpty)
    #expect(histogram.zeroCount == 3 && histogram.weightCount == 3)
    #expect(histogram.cutoffs.allSatisfy { $0.decibels == nil })
    #expect(histogram.mode == nil && histogram.valley == nil)
  }

  @Test func `a single weight fills a single bin`() throws {
    let histogram = try SignalToNoiseHistogram(try ranking([2]))
    #expect(histogram.counts.reduce(0, +) == 1)
    #expect(histogram.edges.first == 6 && histogram.edges.last == 7)
    #expect(histogram.cutoffs.compactMap(\.decibels).count == 2)
  }

  @Test func `ratios as large and as small as numbers get are counted`() throws {
    let largest = Float.greatestFiniteMagnitude
    let smallest = Float.leastNonzeroMagnitude
    let posterior = try posterior([largest, smallest, 1], [smallest, largest, 1])
    let histogram = try SignalToNoiseHistogram(try Ranking(posterior, by: .signalToNoiseRatio))
    #expect(histogram.weightCount == 3)
    #expect(histogram.edges.allSatisfy { $0.isFinite })
  }

  @Test func `a ranking by something else has no such histogram`() throws {
    let ranking = try Ranking(try posterior([1, 2], [1, 1]), by: .magnitude)
    let error = #expect(throws: PosteriorError.self) { try SignalToNoiseHistogram(ranking) }
    #expect(error?.code == .invalidOption)
    #expect(error?.message.hasSuffix("by 'magnitude'; rank by .signalToNoiseRatio") == true)
  }
}
