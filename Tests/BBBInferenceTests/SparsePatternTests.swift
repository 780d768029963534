import TestSupport
import Testing

@testable import BBBInference

/// Selecting, renumbering and transposing, against the same done entry by entry.
@Suite struct SparsePatternTests {
  /// An entry where it is now, and the number that it had at first.
  struct Entry: Hashable {
    var row: Int
    var column: Int
    var origin: UInt32
  }

  let small = SparsePattern(columnCount: 4, rowStarts: [0, 1, 4], columns: [2, 0, 1, 3])

  @Test func `columns become rows, and every entry knows where it was`() {
    let transposed = ArrangedPattern(small).transposed()
    #expect(
      transposed.pattern
        == SparsePattern(columnCount: 2, rowStarts: [0, 1, 2, 3, 4], columns: [1, 1, 0, 1]))
    #expect(transposed.gathering([10, 20, 21, 23]) == [20, 21, 10, 23])
    #expect(transposed.transposed() == ArrangedPattern(small))
  }

  @Test func `counts, density and the mean gap`() {
    #expect(small.rowCounts == [1, 3] && small.columnCounts == [1, 1, 1, 1])
    #expect(small.density == 0.5 && small.meanGap == 2)
    let empty = SparsePattern(columnCount: 0, rowStarts: [0], columns: [])
    #expect(empty.density == 0 && ArrangedPattern(empty).transposed().pattern == empty)
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `any rows and columns in any order are those asked for`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let (rowCount, columnCount) = (
      Int.random(in: 0...9, using: &generator), Int.random(in: 0...9, using: &generator)
    )
    let layer = ChainLayer.random(
      inputs: columnCount, outputs: rowCount, density: Double.random(in: 0...1, using: &generator),
      using: &generator)
    let first = ArrangedPattern(layer.matrix.pattern)
    let rows = (0..<rowCount).shuffled(using: &generator)
      .filter { _ in seed % 3 == 0 || Bool.random(using: &generator) }
    let columns = (0..<columnCount).shuffled(using: &generator)
      .filter { _ in seed % 5 == 0 || Bool.random(using: &generator) }
    func expected(_ rows: [Int]?, _ columns: [Int]?) -> Set<Entry> {
      Set(
        entries(first).compactMap { entry in
          guard
            let row = rows.map({ $0.firstIndex(of: entry.row) }) ?? entry.row,
            let column = columns.map({ $0.firstIndex(of: entry.column) }) ?? entry.column
          else { return nil }
          return Entry(row: row, column: column, origin: entry.origin)
        })
    }
    #expect(Set(entries(first.selecting(rows: rows))) == expected(rows, nil))
    let transposed = first.transposed(rows: rows, units: columns)
    #expect(transposed.pattern.rowCount == columns.count)
    #expect(transposed.pattern.columnCount == rows.count)
    #expect(
      Set(
        entries(transposed).map { Entry(row: $0.column, column: $0.row, origin: $0.origin) })
        == expected(rows, columns))
    // Every number of neighbouring columns that divides them can be a unit.
    for taps in 1...max(columnCount, 1) where columnCount.isMultiple(of: taps) {
      let units = (0..<columnCount / taps).shuffled(using: &generator)
      let unitColumns = units.flatMap { $0 * taps..<($0 + 1) * taps }
      let regrouped = first.transposed(taps: taps, rows: rows, units: units)
      #expect(regrouped.pattern.rowCount == units.count)
      #expect(
        Set(
          entries(regrouped).map {
            Entry(
              row: $0.column / taps, column: $0.row * taps + $0.column % taps, origin: $0.origin)
          }) == expected(rows, unitColumns))
      #expect(
        Set(entries(regrouped.transposed(taps: taps))) == expected(rows, unitColumns))
    }
  }

  /// The entries of a pattern, of whose rows each must ascend.
  private func entries(_ arranged: ArrangedPattern) -> [Entry] {
    let pattern = arranged.pattern
    return (0..<pattern.rowCount).flatMap { row in
      let columns = pattern.columns(ofRow: row)
      #expect(zip(columns, columns.dropFirst()).allSatisfy { $0 < $1 })
      return pattern.entries(ofRow: row).map {
        Entry(row: row, column: Int(pattern.columns[$0]), origin: arranged.origins[$0])
      }
    }
  }
}
