/// Which weights a matrix holds, without their values: compressed sparse rows.
///
/// The entries of row `r` are those at `rowStarts[r] ..< rowStarts[r + 1]`, by ascending column. Everything that belongs to
/// entries (weights, standard deviations) is an array in their order.
public struct SparsePattern: Hashable, Sendable {
  /// The number of columns: what a row can read.
  public let columnCount: Int
  /// The number of each row's first entry, and the number of entries: rows + 1 numbers.
  public let rowStarts: [UInt32]
  /// The column of each entry.
  public let columns: [UInt32]

  /// Creates a pattern.
  ///
  /// - Parameters:
  ///   - columnCount: The number of columns.
  ///   - rowStarts: Rows + 1 ascending numbers, from 0 to the number of entries.
  ///   - columns: The column of each entry, ascending within a row.
  /// - Precondition: The numbers describe a matrix.
  public init(columnCount: Int, rowStarts: [UInt32], columns: [UInt32]) {
    require(
      rowStarts.first == 0 && rowStarts.last.map(Int.init) == columns.count,
      "the rows begin at 0 and end with the entries")
    require(
      zip(rowStarts, rowStarts.dropFirst()).allSatisfy { $0 <= $1 }, "a row ends before it begins")
    // All are looked at, several at once, which is faster than stopping at the first.
    require(
      columns.isEmpty || columns.withUnsafeBufferPointer { $0.reduce(0, max) } < columnCount,
      "a column lies beyond the matrix")
    self.init(uncheckedColumnCount: columnCount, rowStarts: rowStarts, columns: columns)
  }

  /// Creates a pattern of numbers that are known to describe a matrix.
  init(uncheckedColumnCount columnCount: Int, rowStarts: [UInt32], columns: [UInt32]) {
    self.columnCount = columnCount
    self.rowStarts = rowStarts
    self.columns = columns
  }

  /// The number of rows.
  public var rowCount: Int { rowStarts.count - 1 }
  /// The number of entries.
  public var count: Int { columns.count }

  /// The entries of a row.
  ///
  /// - Parameter row: The number of the row.
  /// - Returns: Their numbers, by ascending column.
  @inline(__always)
  public func entries(ofRow row: Int) -> Range<Int> {
    Int(rowStarts[row])..<Int(rowStarts[row + 1])
  }

  /// The columns of a row's entries, ascending.
  ///
  /// - Parameter row: The number of the row.
  /// - Returns: A column for each entry.
  public func columns(ofRow row: Int) -> ArraySlice<UInt32> { columns[entries(ofRow: row)] }

  /// The number of entries in each row.
  public var rowCounts: [Int] { zip(rowStarts.dropFirst(), rowStarts).map { Int($0 - $1) } }
  /// The number of entries in each column.
  public var columnCounts: [Int] { CountingSort.occurrences(of: columns, bound: columnCount) }

  /// The fraction of the places that hold an entry; 0 where there are none.
  public var density: Double {
    let possible = rowCount * columnCount
    return possible == 0 ? 0 : Double(count) / Double(possible)
  }

  /// The number of places for each entry.
  var meanGap: Double { Double(rowCount * columnCount) / Double(max(count, 1)) }
}
