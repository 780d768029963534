import CBBBKernels

/// Where one way of computing a layer becomes faster than another, as measured (docs/performance.md,
/// "Break-even").
enum BreakEven {
  /// The density from which on a layer runs dense: a dense weight takes 0.43 of the time that a sparse
  /// one takes on a tile.
  static let density = 0.43

  /// The time of one weight, in units that do not matter: on a narrow tile, and for a single vector,
  /// many of whose inputs are zero.
  private static let sparseWeight = (tile: 0.33, vector: 0.14)
  private static let denseWeight = (tile: 0.136, vector: 0.020)

  /// Whether a layer runs dense on tiles: its zeros are few.
  static func isDenseOnTiles(_ columns: NumberedColumns) -> Bool {
    isDense(columns.values.count, of: columns.inputCount * columns.outputCount)
  }

  /// Whether a layer runs dense for single vectors: its zeros are few, or all its outputs fit one vector.
  static func isDenseForVectors(_ columns: NumberedColumns) -> Bool {
    columns.outputCount <= Int(BBB_PANEL_OUTPUTS) || isDenseOnTiles(columns)
  }

  private static func isDense(_ weights: Int, of possible: Int) -> Bool {
    Double(weights) >= density * Double(possible)
  }

  /// The most examples that are faster one by one than as a narrow tile.
  static func vectorLimit(_ layers: [SparseLayer]) -> Int {
    var (tile, vector) = (0.0, 0.0)
    for layer in layers {
      let possible = layer.inputCount * layer.outputCount
      let isDense = isDense(layer.weightCount, of: possible)
      let weights = Double(isDense ? possible : layer.weightCount)
      tile += weights * (isDense ? denseWeight.tile : sparseWeight.tile)
      vector += weights * (isDense ? denseWeight.vector : sparseWeight.vector)
    }
    return vector == 0 ? 1 : max(1, Int(tile / vector))
  }
}
