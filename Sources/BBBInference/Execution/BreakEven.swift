import CBBBKernels

/// Where one way of computing a layer becomes faster than another, as measured (docs/performance.md,
/// "Break-even").
enum BreakEven {
  /// The density from which on a layer is faster dense: on tiles, and for single vectors, which skip
  /// inputs either way but read a dense layer in one stream.
  private static let density = (tile: 0.48, vector: 0.3)

  /// The nanoseconds that a weight takes on a narrow tile, and for a single vector, many of whose inputs
  /// are zero; of a dense layer, those that are zero count too.
  private static let sparseWeight = (tile: 0.33, vector: 0.14)
  private static let denseWeight = (tile: 0.136, vector: 0.020)

  /// Whether a layer runs dense on tiles.
  static func isDenseOnTiles(_ columns: SparsePattern) -> Bool {
    isDenseOnTile(weights: columns.count, inputs: columns.rowCount, outputs: columns.columnCount)
  }

  /// Whether a layer runs dense for single vectors: also where all its outputs fit one vector.
  static func isDenseForVectors(_ columns: SparsePattern) -> Bool {
    isDenseForVector(weights: columns.count, inputs: columns.rowCount, outputs: columns.columnCount)
  }

  private static func isDenseOnTile(weights: Int, inputs: Int, outputs: Int) -> Bool {
    Double(weights) >= density.tile * Double(inputs * outputs)
  }

  private static func isDenseForVector(weights: Int, inputs: Int, outputs: Int) -> Bool {
    outputs <= Int(BBB_PANEL_OUTPUTS)
      || Double(weights) >= density.vector * Double(inputs * outputs)
  }

  /// The most examples that are faster one by one than as a narrow tile.
  static func vectorLimit(_ matrices: [SparseMatrix]) -> Int {
    var (tile, vector) = (0.0, 0.0)
    for matrix in matrices {
      let (weights, inputs, outputs) = (matrix.weightCount, matrix.columnCount, matrix.rowCount)
      let possible = Double(inputs * outputs)
      tile +=
        isDenseOnTile(weights: weights, inputs: inputs, outputs: outputs)
        ? possible * denseWeight.tile : Double(weights) * sparseWeight.tile
      vector +=
        isDenseForVector(weights: weights, inputs: inputs, outputs: outputs)
        ? possible * denseWeight.vector : Double(weights) * sparseWeight.vector
    }
    return vector == 0 ? 1 : max(1, Int(tile / vector))
  }
}
