import BBBInference
import BBBNetwork

/// The weights of a matrix that stay, and where each is among those of the dense one.
struct KeptPattern: Sendable {
  /// Rows and columns.
  let pattern: SparsePattern
  /// The position of each entry's weight in the dense tensor.
  let positions: [Int]

  /// The weights that a mask keeps, by canonical row and column.
  ///
  /// - Parameters:
  ///   - shape: How the dense tensor is arranged.
  ///   - mask: Over its weights, in their order; `nil` keeps all.
  init(_ shape: WeightShape, mask: Mask?) {
    let mask = mask ?? Mask(repeating: true, count: shape.count)
    switch shape.order {
    case .outputInput: self.init(byRow: shape, mask)
    case .inputOutput: self.init(byColumn: shape, mask)
    case .transposedConvolution: self.init(byPlace: shape, mask)
    }
  }

  /// Positions come by row, and by column in each.
  private init(byRow shape: WeightShape, _ mask: Mask) {
    let keptCount = mask.keptCount
    let rowLength = shape.channels * shape.taps
    var rowStarts: [UInt32] = [0]
    rowStarts.reserveCapacity(shape.rows + 1)
    var columns: [UInt32] = []
    columns.reserveCapacity(keptCount)
    var positions: [Int] = []
    positions.reserveCapacity(keptCount)
    for row in 0..<shape.rows {
      let first = row * rowLength
      let offset = first - shape.firstColumn(ofRow: row)
      for position in mask.keptPositions(in: first..<first + rowLength) {
        columns.append(UInt32(truncatingIfNeeded: position - offset))
        positions.append(position)
      }
      rowStarts.append(UInt32(columns.count))
    }
    pattern = SparsePattern(
      columnCount: shape.columnCount, rowStarts: rowStarts, columns: columns)
    self.positions = positions
  }

  /// Positions come by tap, channel and row: they are dealt out to the columns first, then to the rows.
  private init(byColumn shape: WeightShape, _ mask: Mask) {
    var kept = Array(mask.keptPositions)
    if shape.taps > 1 {
      kept.sort { shape.place(at: $0).column < shape.place(at: $1).column }
    }
    var rowStarts = [UInt32](repeating: 0, count: shape.rows + 1)
    for position in kept { rowStarts[position % shape.rows + 1] += 1 }
    for row in 0..<shape.rows { rowStarts[row + 1] += rowStarts[row] }
    var ends = rowStarts
    var columns = [UInt32](repeating: 0, count: kept.count)
    var positions = [Int](repeating: 0, count: kept.count)
    for position in kept {
      let (row, column) = shape.place(at: position)
      columns[Int(ends[row])] = UInt32(column)
      positions[Int(ends[row])] = position
      ends[row] += 1
    }
    pattern = SparsePattern(
      columnCount: shape.columnCount, rowStarts: rowStarts, columns: columns)
    self.positions = positions
  }

  /// Positions come in any order.
  private init(byPlace shape: WeightShape, _ mask: Mask) {
    let entries = mask.keptPositions.map { position in
      (place: shape.place(at: position), position: position)
    }.sorted { ($0.place.row, $0.place.column) < ($1.place.row, $1.place.column) }
    var rowStarts = [UInt32](repeating: 0, count: shape.rows + 1)
    for entry in entries { rowStarts[entry.place.row + 1] += 1 }
    for row in 0..<shape.rows { rowStarts[row + 1] += rowStarts[row] }
    pattern = SparsePattern(
      columnCount: shape.columnCount, rowStarts: rowStarts,
      columns: entries.map { UInt32($0.place.column) })
    positions = entries.map(\.position)
  }

  private init(_ pattern: SparsePattern, _ positions: [Int]) {
    self.pattern = pattern
    self.positions = positions
  }

  /// The entries of some rows and columns, renumbered.
  ///
  /// - Parameters:
  ///   - rows: The rows, in their new order.
  ///   - keepsEntries: Whether each of the old rows keeps its entries.
  ///   - newColumn: The new number of each column, ascending; `nil` drops its entries.
  ///   - columnCount: The new number of columns.
  /// - Returns: The smaller pattern.
  func restricted(
    rows: [Int], keepsEntries: [Bool], newColumn: [UInt32?], columnCount: Int
  ) -> KeptPattern {
    var rowStarts: [UInt32] = [0]
    var columns: [UInt32] = []
    var positions: [Int] = []
    rowStarts.reserveCapacity(rows.count + 1)
    columns.reserveCapacity(pattern.count)
    positions.reserveCapacity(pattern.count)
    for row in rows {
      if keepsEntries[row] {
        for entry in pattern.entries(ofRow: row) {
          guard let column = newColumn[Int(pattern.columns[entry])] else { continue }
          columns.append(column)
          positions.append(self.positions[entry])
        }
      }
      rowStarts.append(UInt32(columns.count))
    }
    return KeptPattern(
      SparsePattern(columnCount: columnCount, rowStarts: rowStarts, columns: columns), positions)
  }
}
