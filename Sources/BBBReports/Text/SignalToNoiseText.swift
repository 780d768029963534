import BBBEvaluation

/// A histogram of signal-to-noise ratios as a table for the terminal.
public enum SignalToNoiseText {
  /// One line of the table, from the least ratios to the greatest.
  private struct Row {
    var label: String
    var count: Int
    var bar = ""
    var remarks: [String] = []
  }

  private static let barWidth = 40

  /// Lays out a row for each step in decibels, with cumulative shares and marks where sparsities cut.
  ///
  /// - Parameter histogram: What to lay out.
  /// - Returns: About 20 lines of plain text, up to 100 characters wide.
  public static func render(_ histogram: SignalToNoiseHistogram) -> String {
    var table = TextTable([
      .number("dB"), .number("weights %"), .number("cumulative %"), .text(""),
    ])
    let total = histogram.weightCount
    func percent(_ count: Int) -> String {
      NumberText.fixed(100 * Double(count) / Double(total), decimals: 2)
    }
    var sum = 0
    var cutoffs = histogram.cutoffs[...]
    for row in rows(histogram) where row.count > 0 || !row.bar.isEmpty {
      sum += row.count
      // The weights that a sparsity removes end in the first row that reaches its number.
      var marks: [String] = []
      while let cutoff = cutoffs.first, sum >= cutoff.count(of: total) {
        marks.append(text(cutoff))
        cutoffs.removeFirst()
      }
      let mark = marks.isEmpty ? [] : ["<- " + marks.joined(separator: "; ")]
      table.append([
        row.label, percent(row.count), percent(sum),
        ([row.bar] + row.remarks + mark).filter { !$0.isEmpty }.joined(separator: " "),
      ])
    }
    let shape = description(histogram).map { $0 + "\n" } ?? ""
    return """
      signal-to-noise ratio in dB, 20 log₁₀(|μ|/σ), of \(NumberText.grouped(total)) weights \
      (no biases)
      \(table.text)\(shape)
      """
  }

  private static func rows(_ histogram: SignalToNoiseHistogram) -> [Row] {
    let bins = histogram.bins
    let sums = bins.rowSums(histogram.counts)
    let fullest = Double(sums.max() ?? 0)
    let zeros = histogram.zeroCount
    return [
      Row(label: "removed earlier", count: histogram.removedCount),
      Row(
        label: sums.isEmpty ? "−∞" : "below \(bins.label(ofRow: 0))",
        count: zeros + histogram.belowCount,
        remarks: zeros > 0 ? ["(\(NumberText.grouped(zeros)) with μ = 0: −∞ dB)"] : []),
    ]
      + sums.enumerated().map { row, count in
        Row(
          label: "\(bins.label(ofRow: row)) to \(bins.label(ofRow: row + 1))", count: count,
          bar: TextBar.linear(Double(count) / max(fullest, 1), width: barWidth))
      } + [
        Row(
          label: sums.isEmpty ? "∞" : "from \(bins.label(ofRow: sums.count))",
          count: histogram.aboveCount,
          remarks: ["(\(NumberText.grouped(histogram.aboveCount)) weights)"])
      ]
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
