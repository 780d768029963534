import BBBEvaluation

/// A histogram of signal-to-noise ratios as a table for the terminal.
public enum SignalToNoiseText {
  /// One line of the table, from the least ratios to the greatest.
  private struct Row {
    var label: String
    var count: Int
    /// Whether it is shown though it has no weights.
    var isBin = false
  }

  /// Lays out a row for each step in decibels, with cumulative shares, bars and marks where sparsities cut.
  ///
  /// - Parameters:
  ///   - histogram: What to lay out.
  ///   - width: How many characters a row may have, at least 40.
  /// - Returns: About 20 lines of plain text.
  public static func render(_ histogram: SignalToNoiseHistogram, width: Int = 80) -> String {
    let rows = rows(histogram).filter { $0.count > 0 || $0.isBin }
    let fullest = Double(rows.map(\.count).max() ?? 0)
    let marks = marks(histogram, rows.map(\.count))
    let labelWidth = rows.map(\.label.columnCount).max() ?? 0
    let markWidth = max("cut-off".count, marks.map(\.columnCount).max() ?? 0)
    // What the other columns, and the gaps between them, leave; below a terminal's usual width without the cumulative one.
    let room = width - labelWidth - markWidth - (width < 60 ? 13 : 25)
    let barWidth = min(max(room, 8), 60)
    let total = histogram.weightCount
    func percent(_ count: Int) -> String {
      NumberText.fixed(100 * Double(count) / Double(total), decimals: 2)
    }
    var table = TextTable([
      .number("dB"), .number("weights", unit: "%"),
      .number("cumulative", unit: "%", omission: 1), .text(""), .text("cut-off", omission: 2),
    ])
    var sum = 0
    for (row, mark) in zip(rows, marks) {
      sum += row.count
      table.append([
        row.label, percent(row.count), percent(sum),
        TextBar.linear(Double(row.count) / max(fullest, 1), width: barWidth), mark,
      ])
    }
    let remarks: [String?] = [
      histogram.cutoffs.map(text).joined(separator: "; "), extremes(histogram),
      description(histogram),
    ]
    return """
      signal-to-noise ratio in dB, 20 log₁₀(|μ|/σ), of \(NumberText.grouped(total)) weights \
      (no biases)
      \(table.text(width: width, elsewhere: "--json"))\
      \(remarks.compactMap(\.self).map { $0 + "\n" }.joined())
      """
  }

  private static func rows(_ histogram: SignalToNoiseHistogram) -> [Row] {
    let bins = histogram.bins
    let sums = bins.rowSums(histogram.counts)
    return [
      Row(label: "removed earlier", count: histogram.removedCount),
      Row(
        label: sums.isEmpty ? "−∞" : "below \(bins.label(ofRow: 0))",
        count: histogram.zeroCount + histogram.belowCount),
    ]
      + sums.enumerated().map { row, count in
        Row(
          label: "\(bins.label(ofRow: row)) to \(bins.label(ofRow: row + 1))", count: count,
          isBin: true)
      } + [
        Row(
          label: sums.isEmpty ? "∞" : "from \(bins.label(ofRow: sums.count))",
          count: histogram.aboveCount)
      ]
  }

  /// For each row the sparsities that cut there: the weights that one removes end in the first row that reaches their
  /// number.
  private static func marks(_ histogram: SignalToNoiseHistogram, _ counts: [Int]) -> [String] {
    var cutoffs = histogram.cutoffs[...]
    var sum = 0
    return counts.map { count in
      sum += count
      let here = cutoffs.prefix { sum >= $0.count(of: histogram.weightCount) }
      cutoffs = cutoffs.dropFirst(here.count)
      let sparsities = here.map { "\(NumberText.trimmed($0.sparsity * 100)) %" }
      return here.isEmpty ? "" : "<- " + sparsities.joined(separator: ", ")
    }
  }

  /// The weights that have no signal, and those beyond the last row, of which a share may say nothing.
  private static func extremes(_ histogram: SignalToNoiseHistogram) -> String? {
    let bins = histogram.bins
    let parts = [
      (histogram.zeroCount, "with μ = 0 (−∞ dB)"),
      (
        histogram.aboveCount,
        bins.count > 0 ? "from \(bins.label(ofRow: bins.rowCount)) dB" : "of ∞ dB"
      ),
    ].filter { $0.0 > 0 }
    guard !parts.isEmpty else { return nil }
    return "weights " + parts.map { "\($1): \(NumberText.grouped($0))" }.joined(separator: "; ")
  }

  /// A cut-off in words.
  static func text(_ cutoff: SignalToNoiseHistogram.Cutoff) -> String {
    "\(NumberText.trimmed(cutoff.sparsity * 100)) % cut-off: "
      + (cutoff.decibels.map { NumberText.fixed($0, decimals: 2) } ?? "−∞") + " dB"
  }

  /// Where most weights are, and where fewest between, in words; `nil` if no ratio is above 0.
  static func description(_ histogram: SignalToNoiseHistogram) -> String? {
    guard let mode = histogram.mode else { return nil }
    guard let valley = histogram.valley else {
      return "one peak, at \(NumberText.trimmed(mode)) dB"
    }
    let peaks = valley.peaks.map(NumberText.trimmed).joined(separator: " and ")
    let range = [valley.range.lowerBound, valley.range.upperBound].map(NumberText.trimmed)
    return "peaks at \(peaks) dB, \(valley.count == 0 ? "none" : "fewest") between, "
      + "at \(range.joined(separator: " to ")) dB"
  }
}
