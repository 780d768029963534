import TestSupport
import Testing

@testable import BBBEvaluation

struct HistogramBinsTests {
  @Test func `a value on an edge belongs to the bin above it, whatever rounding does`() {
    let bins = HistogramBins.covering(-3...3.05, smallestStep: 1, mostRows: 15)
    #expect(bins.edges.count == 36)
    #expect(bins.edges[0] == -3 && bins.edges[35] == 4)
    // Edges are the numbers next to the decimal ones: -2.8, -2.6, ….
    #expect(bins.edges[1] == -2.8 && bins.edges[14] == -0.2 && bins.edges[15] == 0)
    for (index, edge) in bins.edges.enumerated() {
      #expect(bins.index(of: edge) == index)
      #expect(bins.index(of: edge.nextDown) == index - 1)
    }
    #expect(bins.index(of: -.infinity) == -1 && bins.index(of: .infinity) == 35)
  }

  @Test func `every value lands between the edges of its bin`() {
    var generator = SeededGenerator(seed: 11)
    let bins = HistogramBins.around(zeroTo: 0.23, mostRows: 13)
    for _ in 0..<10000 {
      let value = Double.random(in: -0.3...0.3, using: &generator)
      let index = bins.index(of: value)
      if index >= 0 { #expect(bins.edges[index] <= value) }
      if index < bins.count { #expect(value < bins.edges[index + 1]) }
    }
  }

  @Test(arguments: [
    (-54.2, 17.2, -55.0, 20.0, 15), (-12.0, -12.0, -12.0, -11.0, 1), (-0.5, 0.5, -1.0, 1.0, 2),
    (0, 5, 0, 6, 6), (-700, 24, -700.0, 50.0, 15), (-12800, 12300, -14000, 14000, 14),
  ])
  func `rows begin at round numbers and hold both ends`(
    lowest: Double, highest: Double, first: Double, last: Double, rowCount: Int
  ) {
    let bins = HistogramBins.covering(lowest...highest, smallestStep: 1, mostRows: 15)
    #expect(bins.ends == first...last)
    #expect(bins.rowCount == rowCount)
    #expect(bins.count == 5 * rowCount)
  }

  @Test(arguments: [1e-300, 3.3e-7, 0.0071, 0.236, 1, 9.99, 4e5, 1e300])
  func `rows around 0 reach as far as asked on both sides, in at most 13`(reach: Double) throws {
    let bins = HistogramBins.around(zeroTo: reach, mostRows: 13)
    let ends = try #require(bins.ends)
    #expect(ends.upperBound >= reach && ends.upperBound <= 2 * reach)
    #expect(ends.lowerBound == -ends.upperBound)
    #expect(bins.rowCount <= 13 && !bins.rowCount.isMultiple(of: 2))
    // 0 is in the middle of the middle bin.
    #expect(bins.index(of: 0) == bins.count / 2)
  }
}
