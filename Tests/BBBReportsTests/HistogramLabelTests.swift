import Testing

@testable import BBBEvaluation
@testable import BBBReports

struct HistogramLabelTests {
  @Test(arguments: [1e-300, 3.3e-7, 0.0071, 0.236, 1, 9.99, 4e5, 1e300])
  func `the middle of rows around 0 is called 0`(reach: Double) {
    let bins = HistogramBins.around(zeroTo: reach, mostRows: 13)
    #expect(bins.label(ofRow: bins.rowCount / 2).allSatisfy { "0.".contains($0) })
  }

  @Test func `labels are as short as their step, and as exact`() {
    let small = HistogramBins.around(zeroTo: 0.236, mostRows: 13)
    #expect((0..<3).map(small.label) == ["-0.25", "-0.20", "-0.15"])
    let tiny = HistogramBins.around(zeroTo: 3.3e-9, mostRows: 13)
    #expect(tiny.label(ofRow: 0) == "-3e-9" && tiny.label(ofRow: tiny.rowCount / 2) == "0")
  }
}
