/// The bands of inputs in which a sparse matrix is computed on tiles.
struct InputBands {
  /// Each band's inputs, ascending; at least one band.
  let ranges: [Range<Int>]

  /// The inputs of a band on average.
  ///
  /// On a tile of 32 they take 40 KiB of a first-level cache. Later bands hold more, which few weights leave.
  private static let inputCount = 320
  /// The fewest weights of a row and band that are worth loading and storing the row's sums.
  private static let weightsOfRow = 24

  /// Divides a matrix's inputs, a row of the pattern each, so that the bands have about as many weights each.
  init(_ columns: SparsePattern) {
    let weightCount = columns.count
    let rowLength = weightCount / max(1, columns.columnCount)
    let wanted = (columns.rowCount + Self.inputCount - 1) / Self.inputCount
    let count = max(1, min(wanted, rowLength / Self.weightsOfRow))
    var ends: [Int] = []
    var input = 0
    for band in 1..<max(count, 1) {
      while Int(columns.rowStarts[input]) * count < weightCount * band { input += 1 }
      ends.append(input)
    }
    ends.append(columns.rowCount)
    ranges = zip([0] + ends, ends).map { $0..<$1 }
  }
}
