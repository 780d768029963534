import BBBEvaluation

/// A histogram of weights as a table for the terminal.
public enum WeightText {
  /// The share whose logarithmic bar has no length, and which two decimals of a percentage still show.
  private static let leastShare = 1e-4

  /// Lays out a row for each step, with the share of the means and that of drawn weights.
  ///
  /// - Parameters:
  ///   - histogram: What to lay out.
  ///   - width: How many characters a row may have, at least 40.
  /// - Returns: About 16 lines of plain text; a single one if no weight is left.
  public static func render(_ histogram: WeightHistogram, width: Int = 80) -> String {
    let title = "weights (no biases): posterior means μ, and weights drawn from all N(μ, σ²)"
    let bins = histogram.bins
    guard bins.count > 0 else { return title + ": none is left\n" }
    let series = [histogram.means, histogram.draws]
    let rows = series.map { bins.rowSums($0.shares) }
    let fullest = rows.joined().max() ?? 0
    let isLogarithmic = histogram.isConcentrated
    let unit = isLogarithmic ? "log scale" : ""
    var table = TextTable([
      .number("around"), .number("means", unit: "%"), .number("drawn", unit: "%", omission: 1),
      .text("means", unit: unit), .text("drawn", unit: unit),
    ])
    let labelWidth = (0..<bins.rowCount).map { bins.label(ofRow: $0).count }.max() ?? 0
    // What the numbers, and the gaps between, leave to each of the two; of a narrow table without the drawn weights' numbers.
    let numbers = max(labelWidth, 6) + (width < 60 ? 12 : 20)
    let barWidth = min(max((width - numbers) / 2, 9), 60)
    func percent(_ share: Double) -> String { NumberText.fixed(100 * share, decimals: 2) }
    for row in 0..<bins.rowCount {
      let bars = rows.map { shares in
        let value = fullest > 0 ? shares[row] / fullest : 0
        let bar =
          isLogarithmic
          ? TextBar.logarithmic(value, from: leastShare, width: barWidth)
          : TextBar.linear(value, width: barWidth)
        return bar.padding(to: barWidth)
      }
      table.append(
        [bins.label(ofRow: row)] + rows.map { percent($0[row]) } + bars)
    }
    let outside = series.map { percent($0.below + $0.above) }
    let removed =
      histogram.removedCount > 0
      ? "; removed earlier: \(NumberText.grouped(histogram.removedCount)) weights" : ""
    return """
      \(title)
      \(table.text(width: width, elsewhere: "--json"))outside: \(outside[0]) % of the means, \(outside[1]) % of drawn weights\(removed)

      """
  }
}

extension WeightHistogram {
  /// Whether one row holds so much that the others are seen on a logarithmic scale only.
  var isConcentrated: Bool {
    [means, draws].contains { (bins.rowSums($0.shares).max() ?? 0) > 0.5 }
  }
}

extension String {
  /// The text with spaces at its end up to a number of characters.
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
