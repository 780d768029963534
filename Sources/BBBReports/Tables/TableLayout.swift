/// Which columns of a table fit a width, and how wide each is.
package struct TableLayout {
  private let columns: [TextTable.Column]
  /// How wide each column would be by itself.
  private let naturalWidths: [Int]
  private let width: Int
  /// The columns that are shown, in order.
  private let shown: [Int]
  /// How wide each column is; of those that are not shown, anything.
  private let widths: [Int]

  private static let gap = "  "
  /// To how many characters names are shortened before a column of them is left out.
  private static let shortestName = 16

  /// Lays columns out.
  ///
  /// - Parameters:
  ///   - columns: The columns, in order.
  ///   - cellWidths: The widest cell of each, headers aside.
  ///   - width: How many characters a line may have.
  package init(_ columns: [TextTable.Column], cellWidths: [Int], width: Int) {
    let natural = zip(columns, cellWidths).map { column, cells in
      max(column.header.columnCount, column.unit.columnCount, cells)
    }
    let least = zip(columns, natural).map { column, width in
      column.isName ? min(width, Self.shortestName) : width
    }
    var shown = Array(columns.indices)
    func total(_ widths: [Int]) -> Int {
      shown.reduce(0) { $0 + widths[$1] } + Self.gap.count * max(shown.count - 1, 0)
    }
    let order = columns.indices.filter { columns[$0].omission != nil }
      .sorted { (columns[$0].omission ?? 0) < (columns[$1].omission ?? 0) }
    for column in order where total(natural) > width {
      if columns[column].isName, total(least) <= width { break }
      shown.removeAll { $0 == column }
    }
    var widths = natural
    while total(widths) > width,
      let longest = shown.filter({ columns[$0].isName }).max(by: { widths[$0] < widths[$1] }),
      widths[longest] > 3
    {
      widths[longest] -= 1
    }
    self.columns = columns
    naturalWidths = natural
    self.width = width
    self.shown = shown
    self.widths = widths
  }

  /// The line of headers, and below it that of units, if any column that is shown has one.
  package var header: String {
    let units = shown.contains { !columns[$0].unit.isEmpty } ? line(columns.map(\.unit)) : ""
    return line(columns.map(\.header)) + units
  }

  /// One row.
  ///
  /// - Parameter cells: One for each column, whether it is shown or not.
  /// - Returns: A line, ended by a line feed.
  package func line(_ cells: [String]) -> String {
    let parts = shown.map { column in
      let cell =
        columns[column].isName ? cells[column].shortened(to: widths[column]) : cells[column]
      let padding = String(repeating: " ", count: max(0, widths[column] - cell.columnCount))
      return columns[column].alignsRight ? padding + cell : cell + padding
    }
    return parts.joined(separator: Self.gap).trimmingTrailingSpaces() + "\n"
  }

  /// What is not shown, and how to see it; empty if all is.
  ///
  /// - Parameter elsewhere: What shows everything, such as `--json`.
  /// - Returns: A sentence, ended by a line feed, in as many lines as the width takes.
  package func note(elsewhere: String) -> String {
    let hidden = columns.indices.filter { !shown.contains($0) }
    let isShortened = shown.contains { widths[$0] < naturalWidths[$0] }
    guard !hidden.isEmpty || isShortened else { return "" }
    let names = hidden.map(name).joined(separator: ", ")
    let whole = naturalWidths.reduce(0, +) + Self.gap.count * (columns.count - 1)
    let what =
      (hidden.isEmpty ? "" : "left out in \(width) columns: \(names)")
      + (hidden.isEmpty || !isShortened ? "" : "; ") + (isShortened ? "names are shortened" : "")
    return TextWrap.wrap("\(what) (all in \(whole) columns, and by \(elsewhere))\n", width: width)
  }

  /// What a column is called: its header, with its unit where the header alone would not tell.
  private func name(_ column: Int) -> String {
    let (header, unit) = (columns[column].header, columns[column].unit)
    return columns.count { $0.header == header } > 1 ? "\(header) \(unit)" : header
  }
}
