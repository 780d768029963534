import BBBDatasets

extension FuzzTarget {
  /// Tables as comma-separated text.
  static let csv = FuzzTarget(
    name: "csv", test: testCSV,
    seeds: { _ in
      [
        "a,b\n1,2\n", "\u{FEFF}\"a \"\"b\"\"\",c\r\n\"-1.5e3\",True\r\n\r\n", "x\r.5\r7.\r",
        "x\n123456789012345678\n1e-60\nnan\n", "a;b\n1;2\n", "a,b\n\"1\n",
      ].map { Array($0.utf8) } + [[0xFF, 0xFE, 0x61, 0]]
    },
    dictionary: ["\"\"", "\r\n", "true", "False", "1e38", "-inf"])
}

/// Reads a table, and the same numbers again from a table made of them.
private func testCSV(_ bytes: [UInt8]) {
  do throws(DatasetError) {
    let table = try CSVTable(bytes: bytes, path: "input")
    let width = table.columnNames.count
    require(width > 0 && table.rowCount > 0, "there are columns and rows")
    require(table.values.count == width * table.rowCount, "as many numbers as the table has places")
    require(table.values.allSatisfy { $0.isFinite }, "all numbers are finite")
    let names = (0..<width).map { "\"c\($0)\"" }.joined(separator: ",")
    let rows = (0..<table.rowCount).map { row in
      table.values[row * width..<(row + 1) * width].map { "\($0)" }.joined(separator: ",")
    }
    let again = try CSVTable(
      bytes: Array(([names] + rows).joined(separator: "\n").utf8), path: "again")
    require(again.values == table.values, "what was written is read")
  } catch {
    require(error.path == "input", "what was written is read")
    requireMessage(error.message)
  }
}
