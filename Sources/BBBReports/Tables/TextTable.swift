import BBBErrors

/// Rows of cells as aligned plain text that fits a width.
///
/// No row is wrapped: where the table is too wide, columns are left out, the least important first, and a line below the
/// table names them.
package struct TextTable {
  /// What one column holds.
  package struct Column {
    let header: String
    let unit: String
    let alignsRight: Bool
    /// The place among the columns to be left out, of which the lowest goes first; `nil` for one that stays.
    let omission: Int?
    /// Whether its cells are names, which may be shortened.
    let isName: Bool

    /// Text, aligned left.
    ///
    /// - Parameters:
    ///   - header: What stands at its top.
    ///   - unit: What stands below the header.
    ///   - omission: The place among the columns to be left out, of which the lowest goes first; `nil` for one that
    ///     stays.
    /// - Returns: The column.
    package static func text(_ header: String, unit: String = "", omission: Int? = nil) -> Column {
      Column(header: header, unit: unit, alignsRight: false, omission: omission, isName: false)
    }

    /// Names, aligned left; they are shortened in the middle before the column is left out.
    ///
    /// - Parameters:
    ///   - header: What stands at its top.
    ///   - omission: The place among the columns to be left out, of which the lowest goes first; `nil` for one that
    ///     stays.
    /// - Returns: The column.
    package static func name(_ header: String, omission: Int? = nil) -> Column {
      Column(header: header, unit: "", alignsRight: false, omission: omission, isName: true)
    }

    /// Numbers, aligned right.
    ///
    /// - Parameters:
    ///   - header: What stands at its top.
    ///   - unit: What stands below the header.
    ///   - omission: The place among the columns to be left out, of which the lowest goes first; `nil` for one that
    ///     stays.
    /// - Returns: The column.
    package static func number(
      _ header: String, unit: String = "", omission: Int? = nil
    ) -> Column {
      Column(header: header, unit: unit, alignsRight: true, omission: omission, isName: false)
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  /// Creates a table without rows.
  ///
  /// - Parameter columns: The columns, in order.
  package init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row of one cell for each column.
  ///
  /// Cells may come from files of any origin: what would steer the terminal is replaced.
  ///
  /// - Parameter row: The cells.
  package mutating func append(_ row: [String]) {
    precondition(
      row.count == columns.count, "\(row.count) cells in a table of \(columns.count) columns")
    rows.append(row.map(\.withoutControlCharacters))
  }

  /// The lines of the table, each ended by a line feed, and what was left out of them.
  ///
  /// - Parameters:
  ///   - width: How many characters a line may have.
  ///   - elsewhere: What shows everything, such as `--json`.
  /// - Returns: Plain text.
  package func text(width: Int, elsewhere: String) -> String {
    let widths = columns.indices.map { column in
      rows.map { $0[column].columnCount }.max() ?? 0
    }
    let layout = TableLayout(columns, cellWidths: widths, width: width)
    return layout.header + rows.map(layout.line).joined() + layout.note(elsewhere: elsewhere)
  }
}
