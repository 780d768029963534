import BBBKernels
import CBBBKernels

/// A sparse matrix's weights by input, in groups of a few: for single vectors.
struct GroupedColumns: Sendable {
  private let columnStarts: AlignedBuffer<UInt32>
  private let outputs: IndexBuffer
  private let origins: FormOrigins

  /// Arranges a matrix's weights for a step.
  ///
  /// - Parameters:
  ///   - columns: A row for each of the step's columns, a column for each of its rows.
  ///   - step: The step.
  init(_ columns: ArrangedPattern, for step: MatrixStep) {
    let size = Int(BBB_GROUP_WEIGHTS)
    let pattern = columns.pattern
    columnStarts = AlignedBuffer(repeating: 0, count: step.input.layout.count + 1)
    // Numbers that are no column have no weights.
    for (column, number) in step.numbers.enumerated() {
      columnStarts.start[Int(number) + 1] =
        UInt32((pattern.entries(ofRow: column).count + size - 1) / size)
    }
    for number in 0..<step.input.layout.count {
      columnStarts.start[number + 1] += columnStarts.start[number]
    }
    let count = Int(columnStarts.start[step.input.layout.count]) * size
    outputs = IndexBuffer(repeating: step.rows.count, count: count, isWide: step.hasWideIndices)
    origins = FormOrigins(count: count)
    for (column, number) in step.numbers.enumerated() {
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
