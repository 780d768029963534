/// A pattern made from another one by selecting, renumbering and transposing, which knows where each entry comes from.
///
/// So any number of arrays that belong to the entries can follow: weights, standard deviations, those of a draw.
package struct ArrangedPattern: Equatable, Sendable {
  /// The pattern as it is now.
  package let pattern: SparsePattern
  /// The number that each entry had at first.
  package let origins: [UInt32]

  /// A pattern as it is.
  ///
  /// - Parameter pattern: What others are made from.
  package init(_ pattern: SparsePattern) {
    self.init(
      pattern,
      origins: [UInt32](unsafeUninitializedCapacity: pattern.count) { origins, count in
        for index in 0..<pattern.count { origins[index] = UInt32(truncatingIfNeeded: index) }
        count = pattern.count
      })
  }

  private init(_ pattern: SparsePattern, origins: [UInt32]) {
    self.pattern = pattern
    self.origins = origins
  }

  /// Numbers that belong to the first pattern's entries, in the order of this one's.
  ///
  /// - Parameter numbers: One for each entry of the first pattern.
  /// - Returns: One for each entry.
  package func gathering(_ numbers: [Float]) -> [Float] {
    [Float](unsafeUninitializedCapacity: origins.count) { gathered, count in
      numbers.withUnsafeBufferPointer { numbers in
        for (index, origin) in origins.enumerated() {
          precondition(Int(origin) < numbers.count, "a number for each entry")
          gathered[index] = numbers[Int(origin)]
        }
      }
      count = origins.count
    }
  }

  /// Some rows, in any order.
  ///
  /// - Parameter rows: Those that stay, in the order of their new numbers.
  /// - Returns: The rows.
  package func selecting(rows: [Int]) -> ArrangedPattern {
    let starts = CountingSort.starts(
      ofCounts: rows.lazy.map { pattern.entries(ofRow: $0).count })
    var columns: [UInt32] = []
    var origins: [UInt32] = []
    columns.reserveCapacity(Int(starts[rows.count]))
    origins.reserveCapacity(Int(starts[rows.count]))
    for row in rows {
      let entries = pattern.entries(ofRow: row)
      columns.append(contentsOf: pattern.columns[entries])
      origins.append(contentsOf: self.origins[entries])
    }
    return ArrangedPattern(
      SparsePattern(
        uncheckedColumnCount: pattern.columnCount, rowStarts: starts, columns: columns),
      origins: origins)
  }

  /// Some columns, in any order; the entries of a row ascend again.
  ///
  /// - Parameter columns: Those that stay, in the order of their new numbers.
  /// - Returns: As many rows, with the entries of these columns.
  package func selecting(columns: [Int]) -> ArrangedPattern {
    // Sorted by column over all rows, then dealt out to the rows again: no row needs a sort.
    transposed(columns: columns).transposed()
  }

  /// Units of several columns as rows, and back.
  ///
  /// The entry in row r and column c is then in row ⌊c / taps⌋ and column r · taps + c mod taps; doing it twice changes
  /// nothing.
  ///
  /// - Parameter taps: How many neighbouring columns are a unit; divides the columns.
  /// - Returns: As many rows as there are units.
  package func regrouped(taps: Int) -> ArrangedPattern {
    guard taps > 1 else { return transposed() }
    precondition(pattern.columnCount.isMultiple(of: taps), "units have equally many columns")
    let unitCount = pattern.columnCount / taps
    let starts = CountingSort.starts(
      ofCounts: CountingSort.occurrences(
        of: pattern.columns.lazy.map { Int($0) / taps }, bound: unitCount))
    var next = starts.map(Int.init)
    var newColumns = [UInt32](repeating: 0, count: pattern.count)
    var newOrigins = newColumns
    for row in 0..<pattern.rowCount {
      for entry in pattern.entries(ofRow: row) {
        let (unit, tap) = Int(pattern.columns[entry]).quotientAndRemainder(dividingBy: taps)
        newColumns[next[unit]] = UInt32(row * taps + tap)
        newOrigins[next[unit]] = origins[entry]
        next[unit] += 1
      }
    }
    return ArrangedPattern(
      SparsePattern(
        uncheckedColumnCount: pattern.rowCount * taps, rowStarts: starts, columns: newColumns),
      origins: newOrigins)
  }

  /// Columns as rows.
  ///
  /// - Parameters:
  ///   - rows: The rows that stay, in the order of their new numbers; `nil` for all as they are.
  ///   - columns: The columns that stay, in the order of their new numbers; `nil` for all as they are.
  /// - Returns: As many rows as there are columns, and columns as there are rows.
  package func transposed(rows: [Int]? = nil, columns: [Int]? = nil) -> ArrangedPattern {
    let rows = rows ?? Array(0..<pattern.rowCount)
    let columns = columns ?? Array(0..<pattern.columnCount)
    let columnCounts =
      rows.count == pattern.rowCount
      ? pattern.columnCounts
      : CountingSort.occurrences(
        of: rows.lazy.flatMap { pattern.columns(ofRow: $0) }, bound: pattern.columnCount)
    let starts = CountingSort.starts(ofCounts: columns.lazy.map { columnCounts[$0] })
    let count = Int(starts[columns.count])
    // Where the next entry of each column goes; those of columns that go are written behind all others.
    var next = [Int](repeating: count, count: pattern.columnCount)
    for (new, old) in columns.enumerated() { next[old] = Int(starts[new]) }
    var newOrigins: [UInt32] = []
    let newColumns = [UInt32](unsafeUninitializedCapacity: count + 1) { newColumns, columnCount in
      newOrigins = [UInt32](unsafeUninitializedCapacity: count + 1) { newOrigins, originCount in
        // SAFETY: the starts count the entries, so that each place is written once, but for the one behind them all.
        next.withUnsafeMutableBufferPointer { next in
          pattern.columns.withUnsafeBufferPointer { columns in
            origins.withUnsafeBufferPointer { origins in
              for (new, old) in rows.enumerated() {
                for entry in pattern.entries(ofRow: old) {
                  let column = Int(columns[entry])
                  let place = next[column]
                  newColumns[place] = UInt32(truncatingIfNeeded: new)
                  newOrigins[place] = origins[entry]
                  next[column] = place < count ? place + 1 : place
                }
              }
            }
          }
        }
        originCount = count
      }
      columnCount = count
    }
    return ArrangedPattern(
      SparsePattern(uncheckedColumnCount: rows.count, rowStarts: starts, columns: newColumns),
      origins: newOrigins)
  }
}
