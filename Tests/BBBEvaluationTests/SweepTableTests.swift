import BBBEvaluation
import Testing

struct SweepTableTests {
  @Test func `shows every point, aligned at the right`() {
    let rows = SweepTable.render(usualCurve).split(
      separator: "\n", omittingEmptySubsequences: false)
    // Two lines that say what it is, an empty one, header, units, points, and the final newline.
    #expect(rows.count == 3 + 2 + usualCurve.points.count + 1)
    #expect(rows[0] == "model.safetensors: 1,000,000 prunable weights, bbbprune convention")
    #expect(rows[1] == "ranked by signal-to-noise ratio, measured on mnist (10,000 images)")
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

  @Test func `fits into 100 columns for a network of millions of weights`() {
    var points = usualCurve.points
    for index in points.indices {
      points[index].kept = 9_999_999
      points[index].bytes = 9_570_000
      points[index].ratio = 1234
      points[index].sparsity = 0.1234
    }
    let lines = SweepTable.render(curve(points)).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 100 })
    #expect(lines.last?.hasSuffix("9,570,000  1,234×") == true)
  }

  @Test func `shows a dash for what is not finite`() {
    var broken = point(sparsity: 0.5)
    broken.scores.nll = .nan
    broken.scores.ece = .infinity
    broken.pValue = .nan
    let cells = SweepTable.render(curve([broken])).split(separator: "\n").last?.split(
      separator: " ")
    #expect(cells?.filter { $0 == "–" }.count == 3)
  }

  @Test func `gives the sparsities as many decimals as they need`() {
    let table = SweepTable.render(curve([point(sparsity: 0.5), point(sparsity: 0.9975)]))
    #expect(table.contains("\n   50.00  "))
    #expect(table.contains("\n   99.75  "))
  }
}
