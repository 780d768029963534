import BBBTensors

/// Rows of cells as aligned plain text.
package struct TextTable {
  /// What one column holds.
  package struct Column {
    fileprivate let header: String
    fileprivate let unit: String
    fileprivate let alignsRight: Bool

    /// Text, aligned left.
    package static func text(_ header: String) -> Column {
      Column(header: header, unit: "", alignsRight: false)
    }

    /// Numbers, aligned right; their unit stands below the header.
    package static func number(_ header: String, unit: String = "") -> Column {
      Column(header: header, unit: unit, alignsRight: true)
    }
  }

  private let columns: [Column]
  private var rows: [[String]]

  /// Creates a table without rows; a second line of header gives the units, if any column has one.
  package init(_ columns: [Column]) {
    self.columns = columns
    rows = [columns.map(\.header)]
    if columns.contains(where: { !$0.unit.isEmpty }) { rows.append(columns.map(\.unit)) }
  }

  /// Adds a row of one cell for each column.
  ///
  /// Cells may come from files of any origin: what would steer the terminal is replaced.
  package mutating func append(_ row: [String]) {
    precondition(
      row.count == columns.count, "\(row.count) cells in a table of \(columns.count) columns")
    rows.append(row.map(\.withoutControlCharacters))
  }

  /// The lines of the table, each ended by a line feed.
  package var text: String {
    let widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let line = row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return columns[column].alignsRight ? padding + row[column] : row[column] + padding
      }
      return line.joined(separator: "  ").trimmingTrailingSpaces() + "\n"
    }.joined()
  }
}

extension String {
  /// The text without the spaces that alignment leaves at the end of a line.
  func trimmingTrailingSpaces() -> String {
    let end = lastIndex { $0 != " " }.map(index(after:)) ?? startIndex
    return String(self[..<end])
  }
}
