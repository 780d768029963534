import CBBBLibc

/// The bits that the symbols of a matrix take by ideal codes, made for the levels as they stand: positions one by one in each line
/// (a row, or all columns of an input channel), and the levels of what is there.
struct SymbolBits {
  /// The levels of each row's places, in their order; 0 of a weight that is not there.
  typealias Levels = [[Int32]]

  private let isByRow: Bool
  private let taps: Int
  private let absent: [Double]
  private let present: [Double]
  private let firstLevel: Int
  private let level: [Double]
  /// Of levels beyond all that occur.
  private let unseenLevel: Double

  /// What is added to counts, so that what does not occur now can still be chosen, at a price.
  private static let smoothing = 0.3

  /// Measures levels.
  ///
  /// - Parameters:
  ///   - levels: The levels.
  ///   - places: Where they stand: for each row the places of ã, ascending, without the bias.
  ///   - matrix: The matrix.
  init(_ levels: Levels, at places: [[Int]], of matrix: MatrixPlan) {
    let (rowCount, channels, taps) = (places.count, matrix.channels * matrix.groups, matrix.taps)
    var rows = [Double](repeating: 0, count: rowCount)
    var columns = [Double](repeating: 0, count: channels)
    var counts: [Int32: Double] = [:]
    for (row, (levels, places)) in zip(levels, places).enumerated() {
      let first = row / matrix.rows * matrix.channels
      for (level, place) in zip(levels, places) where level != 0 {
        rows[row] += 1
        columns[first + (place - 1) / taps] += 1
        counts[level, default: 0] += 1
      }
    }
    // Lines without weights are not written.
    let (usedRows, usedColumns) = (rows.count { $0 > 0 }, columns.count { $0 > 0 })
    let perRow = Double(max(1, usedColumns / matrix.groups) * taps)
    let perColumn = Double(max(1, usedRows / matrix.groups) * taps)
    func bits(_ lines: [Double], _ positions: Double) -> (
      present: [Double], absent: [Double], sum: Double
    ) {
      let all = positions + 2 * Self.smoothing
      let present = lines.map { -log2(($0 + Self.smoothing) / all) }
      let absent = lines.map { -log2(max(positions - $0 + Self.smoothing, Self.smoothing) / all) }
      let sum = lines.indices.reduce(0.0) { sum, line in
        lines[line] == 0
          ? sum
          : sum + lines[line] * present[line] + max(positions - lines[line], 0) * absent[line]
      }
      return (present, absent, sum)
    }
    let (byRow, byColumn) = (bits(rows, perRow), bits(columns, perColumn))
    isByRow = byRow.sum < byColumn.sum
    (present, absent) =
      isByRow ? (byRow.present, byRow.absent) : (byColumn.present, byColumn.absent)
    self.taps = taps
    let lowest = counts.keys.min() ?? 0
    let highest = counts.keys.max() ?? 0
    let total = counts.values.reduce(0, +) + Self.smoothing * Double(highest - lowest + 1)
    firstLevel = Int(lowest)
    level = (lowest...highest).map { -log2((counts[$0, default: 0] + Self.smoothing) / total) }
    unseenLevel = -log2(Self.smoothing / total) + 2
  }

  /// The bits of a level, and of the position of a weight that has it.
  ///
  /// - Parameters:
  ///   - value: The level; 0 for no weight.
  ///   - row: The row.
  ///   - channel: The input channel, of all groups.
  /// - Returns: Bits.
  @inline(__always)
  func bits(_ value: Int, row: Int, channel: Int) -> Double {
    let line = isByRow ? row : channel
    guard value != 0 else { return absent[line] }
    return present[line] + bits(ofLevel: value)
  }

  /// The bits of a level alone.
  @inline(__always)
  func bits(ofLevel value: Int) -> Double {
    let index = value - firstLevel
    return level.indices.contains(index) ? level[index] : unseenLevel
  }
}
