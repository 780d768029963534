/// Rows of cells as aligned plain text.
struct TextTable {
  private var rows: [[String]]
  private let alignsRight: [Bool]

  /// Creates a table; a header that starts with a space marks a column of numbers, aligned right.
  init(_ headers: [String]) {
    alignsRight = headers.map { $0.hasPrefix(" ") }
    rows = [headers.map { $0.hasPrefix(" ") ? String($0.dropFirst()) : $0 }]
  }

  mutating func append(_ row: [String]) {
    rows.append(row)
  }

  var text: String {
    let widths = alignsRight.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let line = row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return alignsRight[column] ? padding + row[column] : row[column] + padding
      }.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
    }.joined()
  }
}
