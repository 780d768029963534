import CBBBLibc

/// The bits that ideal codes take, made for the choices as they stand.
struct CodeLengths {
  /// The bits that tell that a place of each unit is empty.
  private(set) var absent: [Double]
  /// The bits that tell that a place of each unit is not empty.
  private(set) var present: [Double]
  /// The bits of each level.
  private(set) var level: [Double]

  /// What is added to counts, so that what does not occur now can still be chosen, at a price.
  private static let smoothing = 0.3

  /// Measures the choices.
  ///
  /// - Parameters:
  ///   - levelCount: The number of levels.
  ///   - choices: The level of each number, or -1.
  ///   - cells: The numbers.
  init(levelCount: Int, _ choices: some Sequence<Int>, _ cells: QuantiserCells) {
    var rowCounts = [Double](repeating: 0, count: cells.rowCount)
    var levelCounts = [Double](repeating: Self.smoothing, count: levelCount)
    for (choice, row) in zip(choices, cells.rows) where choice >= 0 {
      rowCounts[row] += 1
      levelCounts[choice] += 1
    }
    let places = Double(cells.placesPerRow) + 2 * Self.smoothing
    present = rowCounts.map { -log2(($0 + Self.smoothing) / places) }
    absent = rowCounts.map { -log2(max(places - $0 - Self.smoothing, Self.smoothing) / places) }
    let total = levelCounts.reduce(0, +)
    level = levelCounts.map { -log2($0 / total) }
  }
}
