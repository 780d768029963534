import BBBEvaluation
import Foundation
import Testing

@testable import BBBReports

struct SweepTableTests {
  @Test func `shows every point, aligned at the right`() {
    let rows = SweepTable.render(usualCurve, width: 100).split(
      separator: "\n", omittingEmptySubsequences: false)
    // Two lines that say what it is, an empty one, header, units, points, and the final newline.
    #expect(rows.count == 3 + 2 + usualCurve.points.count + 1)
    #expect(rows[0] == "model.safetensors: 1,000,000 prunable weights, bbbprune convention")
    #expect(rows[1] == "ranked by signal-to-noise ratio, measured on mnist (10,000 examples)")
    #expect(
      rows[5].split(separator: " ") == [
        "0", "1,000,000", "–", "200", "2.00", "1.74–2.29", "0.167", "9.92", "1.0000",
        "2,010,000", "2.0×",
      ])
    #expect(
      rows[9].split(separator: " ").prefix(6) == [
        "98", "20,000", "33.56", "300", "3.00", "2.68–3.35",
      ])
    #expect(rows[9].hasSuffix("<0.0001     50,000    80×"))
    // Every line but the units' reaches the right edge.
    #expect(Set(rows[5...10].map(\.count) + [rows[3].count]).count == 1)
  }

  @Test func `what an export writes by default has a table of its own`() throws {
    let tables = SweepTable.render(exportedCurve, width: 100).components(
      separatedBy: "What 'export' writes")
    #expect(tables.count == 2)
    let rows = tables[1].split(separator: "\n")
    let high = PairedDifference(onlyFirst: 20, onlySecond: 0, count: 10_000).high
    #expect(
      try #require(rows.last).split(separator: " ") == [
        "90", "95.00", "50,000", "220", "2.20",
        Substring(NumberText.fixed(high * 100, decimals: 2)),
        "0.171", "9.72", "<0.0001", "55,000", "73×",
      ])
    #expect(!SweepTable.render(usualCurve).contains("export"))
  }

  @Test func `an exported network that is a constant is named`() {
    var curve = exportedCurve
    #expect(!SweepTable.render(curve).contains("constant"))
    curve.points[2].exported?.isConstant = true
    #expect(SweepTable.render(curve, width: 100).hasSuffix("73×  constant\n"))
  }

  @Test func `fits into 100 columns for a network of millions of weights`() {
    var points = usualCurve.points
    for index in points.indices {
      points[index].pruned.kept = 9_999_999
      points[index].pruned.bytes = 9_570_000
      points[index].pruned.ratio = 1234
      points[index].pruned.sparsity = 0.1234
    }
    let lines = SweepTable.render(curve(points), width: 100).split(separator: "\n")
    #expect(lines.last?.hasSuffix("9,570,000  1,234×") == true)
  }

  /// The titles of the columns of a table.
  private func titles(_ table: String) -> [Substring] {
    table.split(separator: "\n").first { $0.contains("file  ratio") || $0.hasSuffix("file") }?
      .split(separator: " ") ?? []
  }

  @Test func `what fits no width is left out, the least important first`() {
    let full = titles(SweepTable.render(usualCurve, width: 200))
    let at80 = titles(SweepTable.render(usualCurve, width: 80))
    let at60 = titles(SweepTable.render(usualCurve, width: 60))
    let at40 = titles(SweepTable.render(usualCurve, width: 40))
    #expect(full.contains("threshold") && full.contains("p-value"))
    #expect(!at80.contains("threshold") && at80.contains("errors") && at80.contains("ratio"))
    #expect(at60 == ["sparsity", "weights", "error", "95", "%", "int.", "file", "ratio"])
    #expect(at40 == ["sparsity", "weights", "error", "file"])
  }

  @Test(arguments: [40, 60, 80, 120, 200])
  func `no row of any table is longer than the width`(width: Int) {
    var units = exportedCurve
    for index in units.points.indices { units.points[index].units = 2400 }
    units.points[2].exported?.isConstant = true
    for curve in [usualCurve, exportedCurve, monteCarloCurve, units] {
      let text =
        SweepTable.render(curve, width: width) + UncertaintyTable.render(curve, width: width)
      // What begins with a word is a sentence, which a terminal's width breaks.
      let rows = text.split(separator: "\n").filter { $0.first == " " || $0.hasPrefix("sparsity") }
      #expect(rows.count > curve.points.count)
      #expect(rows.allSatisfy { $0.count <= width }, "\(rows)")
    }
  }

  @Test func `shows a dash for what is not finite`() {
    var broken = point(sparsity: 0.5)
    broken.pruned.scores.nll = .nan
    broken.pruned.scores.ece = .infinity
    broken.pruned.pValue = .nan
    let cells = SweepTable.render(curve([broken]), width: 100).split(separator: "\n").last?.split(
      separator: " ")
    #expect(cells?.filter { $0 == "–" }.count == 3)
  }

  @Test func `gives the sparsities as many decimals as they need`() {
    let table = SweepTable.render(curve([point(sparsity: 0.5), point(sparsity: 0.9975)]))
    #expect(table.contains("\n   50.00  "))
    #expect(table.contains("\n   99.75  "))
  }
}
