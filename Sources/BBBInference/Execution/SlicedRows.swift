import CBBBKernels

/// A sparse layer's weights by output, in slices of rows of about equal length: for tiles.
///
/// The format is sliced ELLPACK (Monakov et al. 2010, "Automatically tuning sparse matrix-vector
/// multiplication for GPU architectures") with rows sorted by length, so that next to nothing is padded.
struct SlicedRows: Sendable {
  private let sliceStarts: AlignedBuffer<UInt32>
  private let outputs: AlignedBuffer<UInt32>
  private let inputs: IndexBuffer
  private let values: AlignedBuffer<Float>

  /// Arranges a layer's weights.
  init(_ columns: NumberedColumns, hasWideIndices: Bool) {
    let height = Int(BBB_SLICE_ROWS)
    var counts = [Int](repeating: 0, count: columns.outputCount)
    for output in columns.outputs { counts[Int(output)] += 1 }
    let rows = UnitNumbering.byFallingCount(counts)
    let sliceCount = (rows.count + height - 1) / height
    outputs = AlignedBuffer(
      repeating: UInt32(columns.outputCount), count: max(1, sliceCount) * height)
    sliceStarts = AlignedBuffer(repeating: 0, count: sliceCount + 1)
    // Where the next weight of each output goes.
    var next = [Int](repeating: 0, count: columns.outputCount)
    var steps = 0
    for (rank, output) in rows.enumerated() {
      if rank % height == 0 {
        sliceStarts.start[rank / height] = UInt32(steps)
        next[output] = steps * height
        steps += counts[output]
      } else {
        next[output] = Int(sliceStarts.start[rank / height]) * height + rank % height
      }
      outputs.start[rank] = UInt32(output)
    }
    sliceStarts.start[sliceCount] = UInt32(steps)
    inputs = IndexBuffer(
      repeating: columns.inputCount, count: steps * height, isWide: hasWideIndices)
    values = AlignedBuffer(repeating: 0, count: steps * height)
    for input in 0..<columns.inputCount {
      for index in columns.column(input) {
        let output = Int(columns.outputs[index])
        inputs.set(input, at: next[output])
        values.start[next[output]] = columns.values[index]
        next[output] += height
      }
    }
  }

  /// What the kernels read; valid as long as the rows are.
  var kernelArgument: bbb_sliced_rows {
    bbb_sliced_rows(
      slice_count: sliceStarts.count - 1, slice_starts: sliceStarts.start,
      outputs: outputs.start, inputs: inputs.start, values: values.start)
  }
}
