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

  /// Columns as rows; where units have several columns, units as rows, and back.
  ///
  /// The entry in row r and column c is then in row ⌊c / taps⌋ and column r · taps + c mod taps; doing it twice changes
  /// nothing.
  ///
  /// - Parameters:
  ///   - taps: How many neighbouring columns are a unit; divides the columns.
  ///   - rows: The rows that stay, in the order of their new numbers; `nil` for all as they are.
  ///   - units: The units that stay, in the order of their new numbers; `nil` for all as they are.
  /// - Returns: As many rows as there are units, and `taps` columns for each row.
  package func transposed(
    taps: Int = 1, rows: [Int]? = nil, units: [Int]? = nil
  ) -> ArrangedPattern {
    precondition(pattern.columnCount.isMultiple(of: taps), "units have equally many columns")
    let unitCount = pattern.columnCount / taps
    let rows = rows ?? Array(0..<pattern.rowCount)
    let units = units ?? Array(0..<unitCount)
    let columnCounts =
      rows.count == pattern.rowCount
      ? pattern.columnCounts
      : CountingSort.occurrences(
        of: rows.lazy.flatMap { pattern.columns(ofRow: $0) }, bound: pattern.columnCount)
    let counts = (0..<unitCount).map { columnCounts[$0 * taps..<($0 + 1) * taps].reduce(0, +) }
    let starts = CountingSort.starts(ofCounts: units.lazy.map { counts[$0] })
    let count = Int(starts[units.count])
    // Where the next entry of each unit goes; those of units that go are written behind all others.
    var next = [Int](repeating: count, count: unitCount)
    for (new, old) in units.enumerated() { next[old] = Int(starts[new]) }
    var newOrigins: [UInt32] = []
    let newColumns = [UInt32](unsafeUninitializedCapacity: count + 1) { newColumns, columnCount in
      newOrigins = [UInt32](unsafeUninitializedCapacity: count + 1) { newOrigins, originCount in
        // SAFETY: the starts count the entries, so that each place is written once, but for the one behind them all.
        next.withUnsafeMutableBufferPointer { next in
          pattern.columns.withUnsafeBufferPointer { columns in
            origins.withUnsafeBufferPointer { origins in
              @inline(__always)
              func deal(_ split: (_ column: Int) -> (quotient: Int, remainder: Int)) {
                for (new, old) in rows.enumerated() {
                  for entry in pattern.entries(ofRow: old) {
                    let (unit, tap) = split(Int(columns[entry]))
                    let place = next[unit]
                    newColumns[place] = UInt32(truncatingIfNeeded: new * taps + tap)
                    newOrigins[place] = origins[entry]
                    next[unit] = place < count ? place + 1 : place
                  }
                }
              }
              // A division for each entry takes longer than all the rest.
              if taps == 1 {
                deal { (quotient: $0, remainder: 0) }
              } else {
                deal { $0.quotientAndRemainder(dividingBy: taps) }
              }
            }
          }
        }
        originCount = count
      }
      columnCount = count
    }
    return ArrangedPattern(
      SparsePattern(
        uncheckedColumnCount: rows.count * taps, rowStarts: starts, columns: newColumns),
      origins: newOrigins)
  }
}
