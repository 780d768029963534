import BBBKernels
import CBBBKernels

/// A sparse layer's weights by input, in groups of a few: for single vectors.
struct GroupedColumns: Sendable {
  private let columnStarts: AlignedBuffer<UInt32>
  private let outputs: IndexBuffer
  private let values: AlignedBuffer<Float>

  /// Arranges a layer's weights.
  init(_ columns: NumberedColumns, hasWideIndices: Bool) {
    let size = Int(BBB_GROUP_WEIGHTS)
    columnStarts = AlignedBuffer(repeating: 0, count: columns.inputCount + 1)
    var groups = 0
    for input in 0..<columns.inputCount {
      groups += (columns.pattern.entries(ofRow: input).count + size - 1) / size
      columnStarts.start[input + 1] = UInt32(groups)
    }
    outputs = IndexBuffer(
      repeating: columns.outputCount, count: groups * size, isWide: hasWideIndices)
    values = AlignedBuffer(repeating: 0, count: groups * size)
    for input in 0..<columns.inputCount {
      let position = Int(columnStarts.start[input]) * size
      let column = columns.pattern.entries(ofRow: input)
      outputs.set(columns.pattern.columns[column], at: position)
      columns.values[column].withUnsafeBufferPointer { column in
        // SAFETY: a column's groups have room for it.
        if let source = column.baseAddress {
          (values.start + position).update(from: source, count: column.count)
        }
      }
    }
  }

  /// What the kernels read; valid as long as the columns are.
  var kernelArgument: bbb_grouped_columns {
    bbb_grouped_columns(
      column_starts: columnStarts.start, outputs: outputs.start, values: values.start)
  }
}
