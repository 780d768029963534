import BBBKernels
import CBBBKernels

/// A sparse matrix's weights by input, in groups of a few: for single vectors.
struct GroupedColumns: Sendable {
  private let columnStarts: AlignedBuffer<UInt32>
  private let outputs: IndexBuffer
  private let origins: FormOrigins

  /// Puts a matrix's weights into the form.
  ///
  /// - Parameters:
  ///   - columns: A row for each of the arrangement's columns, a column for each of its rows.
  ///   - arrangement: The order of rows and columns.
  init(_ columns: ArrangedPattern, for arrangement: MatrixArrangement) {
    let size = Int(BBB_GROUP_WEIGHTS)
    let pattern = columns.pattern
    columnStarts = AlignedBuffer(repeating: 0, count: arrangement.inputCount + 1)
    // Numbers that are no column have no weights.
    for (column, number) in arrangement.numbers.enumerated() {
      columnStarts.start[Int(number) + 1] =
        UInt32((pattern.entries(ofRow: column).count + size - 1) / size)
    }
    for number in 0..<arrangement.inputCount {
      columnStarts.start[number + 1] += columnStarts.start[number]
    }
    let count = Int(columnStarts.start[arrangement.inputCount]) * size
    outputs = IndexBuffer(
      repeating: arrangement.rows.count, count: count, isWide: arrangement.hasWideIndices)
    origins = FormOrigins(count: count)
    for (column, number) in arrangement.numbers.enumerated() {
      let place = Int(columnStarts.start[Int(number)]) * size
      let entries = pattern.entries(ofRow: column)
      outputs.set(pattern.columns[entries], at: place)
      for (offset, entry) in entries.enumerated() {
        origins.set(columns.origins[entry], at: place + offset)
      }
    }
  }

  func arranged(_ weights: [Float]) -> AlignedBuffer<Float> { origins.gather(weights) }

  /// What the kernels read; valid as long as the columns and the values are.
  func kernelArgument(_ values: AlignedBuffer<Float>) -> bbb_grouped_columns {
    bbb_grouped_columns(
      column_starts: columnStarts.start, outputs: outputs.start, values: values.start)
  }
}
