import BBBNetwork
import CBBBKernels

/// Where one way of computing a matrix becomes faster than another, as measured (docs/performance.md,
/// "Break-even").
enum BreakEven {
  /// The density from which on a matrix is faster dense: on tiles, and for single vectors, which skip
  /// inputs either way but read a dense matrix in one stream.
  private static let density = (tile: 0.48, vector: 0.3)

  /// The nanoseconds that a weight takes on a narrow tile, or on a line of positions, and for a single vector, many of
  /// whose inputs are zero; of a dense matrix, those that are zero count too.
  private static let sparseWeight = (tile: 0.33, vector: 0.14)
  private static let denseWeight = (tile: 0.136, vector: 0.020)

  /// Whether a matrix runs dense on tiles.
  static func isDenseOnTiles(weights: Int, columns: Int, rows: Int) -> Bool {
    Double(weights) >= density.tile * Double(columns * rows)
  }

  /// Whether a matrix runs dense for single vectors: also where all its rows fit one vector.
  static func isDenseForVectors(weights: Int, columns: Int, rows: Int) -> Bool {
    rows <= Int(BBB_PANEL_OUTPUTS) || Double(weights) >= density.vector * Double(columns * rows)
  }

  /// The most examples that are faster one by one than as a narrow tile.
  static func vectorLimit(_ network: Network, _ patterns: [SparsePattern]) -> Int {
    var (tile, vector) = (0.0, 0.0)
    for (parameter, pattern) in zip(network.parameters, patterns) {
      let (weights, columns, rows) = (pattern.count, pattern.columnCount, pattern.rowCount)
      let possible = Double(columns * rows)
      for user in parameter.users {
        let shape = network.shapes[user + 1]
        tile +=
          Double(shape.positionCount)
          * (isDenseOnTiles(weights: weights, columns: columns, rows: rows)
            ? possible * denseWeight.tile : Double(weights) * sparseWeight.tile)
        if let length = shape.positions.last {
          let lines = shape.positionCount / length
          let parts = (length + Int(BBB_LINE_LANES) - 1) / Int(BBB_LINE_LANES)
          vector += Double(lines * parts * weights) * sparseWeight.tile
        } else {
          vector +=
            isDenseForVectors(weights: weights, columns: columns, rows: rows)
            ? possible * denseWeight.vector : Double(weights) * sparseWeight.vector
        }
      }
    }
    return vector == 0 ? 1 : max(1, Int(tile / vector))
  }
}
