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
  static func isDenseOnTiles(_ columns: NumberedColumns) -> Bool {
    Double(columns.values.count)
      >= density.tile * Double(columns.inputCount * columns.outputCount)
  }

  /// Whether a layer runs dense for single vectors: also where all its outputs fit one vector.
  static func isDenseForVectors(_ columns: NumberedColumns) -> Bool {
    columns.outputCount <= Int(BBB_PANEL_OUTPUTS)
      || Double(columns.values.count)
        >= density.vector * Double(columns.inputCount * columns.outputCount)
  }

  /// The most examples that are faster one by one than as a narrow tile.
  static func vectorLimit(_ layers: [SparseLayer]) -> Int {
    var (tile, vector) = (0.0, 0.0)
    for layer in layers {
      let weights = Double(layer.weightCount)
      let possible = Double(layer.inputCount * layer.outputCount)
      tile += min(weights * sparseWeight.tile, possible * denseWeight.tile)
      vector += min(weights * sparseWeight.vector, possible * denseWeight.vector)
    }
    return vector == 0 ? 1 : max(1, Int(tile / vector))
  }
}
