import BBBPosterior
import BBBTensors
import EvaluationSamples
import Foundation
import TestSupport
import Testing

@testable import BBBEvaluation

struct WeightHistogramTests {
  /// Uneven means and deviations of 70,000 weights, so that there are two parts to share out.
  private static let means = (0..<70000).map { Float(sin(Double($0))) * 0.2 + 0.05 }
  private static let deviations = (0..<70000).map { 0.01 + 0.1 * Float($0 % 7) / 7 }

  private func histogram(threadCount: Int = 1) throws -> WeightHistogram {
    try WeightHistogram(
      try posterior(Self.means, Self.deviations), threadCount: threadCount)
  }

  @Test func `counts the means by hand-made bins`() throws {
    let histogram = try histogram()
    for (index, share) in histogram.means.shares.enumerated() {
      let count = Self.means.count {
        histogram.edges[index] <= Double($0) && Double($0) < histogram.edges[index + 1]
      }
      #expect(share == Double(count) / 70000)
    }
  }

  @Test func `the density of drawn weights is the numerical integral of the mixture`() throws {
    let histogram = try histogram()
    for index in stride(from: 0, to: histogram.bins.count, by: 6) {
      let (low, high) = (histogram.edges[index], histogram.edges[index + 1])
      // Simpson's rule, four intervals a bin.
      let weights = [1.0, 4, 2, 4, 1]
      let integral = weights.enumerated().reduce(0.0) { sum, node in
        let w = low + (high - low) * Double(node.offset) / 4
        let density = zip(Self.means, Self.deviations).reduce(0.0) { sum, weight in
          let z = (w - Double(weight.0)) / Double(weight.1)
          return sum + exp(-0.5 * z * z) / Double(weight.1)
        }
        return sum + node.element * density
      }
      let expected =
        integral * (high - low) / 12 / (2 * Double.pi).squareRoot() / 70000
      #expect(abs(histogram.draws.shares[index] - expected) < 1e-4 * expected + 1e-9)
    }
  }

  @Test func `shares inside and outside are all the weights`() throws {
    let histogram = try histogram()
    for series in [histogram.means, histogram.draws] {
      #expect(abs(series.shares.reduce(series.below + series.above, +) - 1) < 1e-9)
    }
  }

  @Test func `the result does not depend on the number of threads`() throws {
    #expect(try histogram(threadCount: 1) == histogram(threadCount: 3))
  }

  @Test func `drawn weights agree with a draw`() throws {
    // Irwin and Hall: the sum of twelve uniform numbers is nearly normal.
    var generator = SeededGenerator(seed: 3)
    let histogram = try histogram()
    var counts = [Int](repeating: 0, count: histogram.bins.count + 2)
    for (mean, deviation) in zip(Self.means, Self.deviations) {
      let z = (0..<12).reduce(-6.0) { sum, _ in sum + .random(in: 0...1, using: &generator) }
      counts[histogram.bins.index(of: Double(mean) + Double(deviation) * z) + 1] += 1
    }
    for (index, share) in histogram.draws.shares.enumerated() {
      let error = abs(Double(counts[index + 1]) / 70000 - share)
      #expect(error < 5 * (share / 70000).squareRoot() + 3e-4, "bin \(index)")
    }
  }

  @Test func `removed weights are in no bin`() throws {
    let histogram = try WeightHistogram(try posterior([0, 0.5, 0, -0.5], [0, 0.1, 0, 0.1]))
    #expect(histogram.removedCount == 2 && histogram.weightCount == 4)
    #expect(abs(histogram.means.shares.reduce(0, +) - 0.5) < 1e-12)
    #expect(histogram.means.shares[histogram.bins.index(of: 0)] == 0)
    // A normal distribution lies within 2 standard deviations to 95.4 %, and within the bins to more.
    #expect((0.477...0.5).contains(histogram.draws.shares.reduce(0, +)))
  }

  @Test func `if every weight was removed there are no bins`() throws {
    let histogram = try WeightHistogram(try posterior([0, 0], [0, 0]))
    #expect(histogram.edges.isEmpty && histogram.removedCount == 2)
  }

  @Test func `a weight that is certain is where its mean is`() {
    let bins = HistogramBins.around(zeroTo: 1, mostRows: 13)
    var tally = WeightTally(bins: bins)
    tally.add(mean: 0.5, standardDeviation: 0)
    #expect(tally.draws == tally.means.map(Double.init))
    #expect(tally.draws[bins.index(of: 0.5) + 1] == 1)
  }

  @Test(arguments: [.leastNonzeroMagnitude, 1e-20, 1, 1e20, 3e38] as [Float])
  func `one weight of any size is seen`(mean: Float) throws {
    let histogram = try WeightHistogram(
      try posterior([mean], [max(mean / 4, .leastNonzeroMagnitude)]))
    #expect(histogram.means.shares.contains(1))
    #expect(histogram.edges.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [.leastNonzeroMagnitude, 1e-300, 1e300, 1.7e308])
  func `double-precision extremes neither trap nor lose weights`(size: Double) throws {
    let posterior = try doublePosterior(means: [size, -size], deviations: [size, size])
    let histogram = try WeightHistogram(posterior)
    for series in [histogram.means, histogram.draws] {
      #expect(abs(series.shares.reduce(series.below + series.above, +) - 1) < 1e-12)
    }
  }

  /// A posterior read from a double-precision safetensors file.
  private func doublePosterior(means: [Double], deviations: [Double]) throws -> Posterior {
    let size = 8 * means.count
    func entry(_ name: String, _ start: Int) -> String {
      "\"\(name)\":{\"dtype\":\"F64\",\"shape\":[1,\(means.count)],"
        + "\"data_offsets\":[\(start),\(start + size)]}"
    }
    let header = "{\(entry("w", 0)),\(entry("w.sigma", size))}"
    var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    bytes += Array(header.utf8)
    for value in means + deviations {
      bytes += withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    }
    var result: Posterior?
    try withTemporaryFolder { folder in
      let path = folder + "/extreme.safetensors"
      try Data(bytes).write(to: URL(filePath: path))
      result = try Posterior(try TensorFile(contentsOf: path))
    }
    return try #require(result)
  }
}
