/// A matrix's weights by column, numbered as the network runs: what its forms are made from.
struct NumberedColumns {
  /// A row for each input, a column for each output.
  let pattern: SparsePattern
  let values: [Float]

  var inputCount: Int { pattern.rowCount }
  var outputCount: Int { pattern.columnCount }

  /// Renumbers a matrix's weights.
  ///
  /// - Parameters:
  ///   - matrix: The matrix.
  ///   - inputs: The columns in the order of their new numbers; all that hold weights.
  ///   - outputs: The rows in the order of their new numbers; all of them.
  init(_ matrix: SparseMatrix, inputs: [Int], outputs: [Int]) {
    let arranged = ArrangedPattern(matrix.pattern).transposed(rows: outputs, columns: inputs)
    pattern = arranged.pattern
    values = arranged.gathering(matrix.values)
  }

  /// How many weights lead from some inputs to each output.
  func weightCounts(of inputs: Range<Int>) -> [Int] {
    let first = Int(pattern.rowStarts[inputs.lowerBound])
    return CountingSort.occurrences(
      of: pattern.columns[first..<Int(pattern.rowStarts[inputs.upperBound])], bound: outputCount)
  }
}
