import BBBKernels
import CBBBKernels

/// A sparse layer's weights by output, in slices of rows of about equal length: for tiles.
///
/// The format is sliced ELLPACK (Monakov et al. 2010, "Automatically tuning sparse matrix-vector
/// multiplication for GPU architectures") with rows sorted by length, so that next to nothing is padded,
/// and in bands of inputs whose activations stay in the cache.
struct SlicedRows: Sendable {
  private let bandStarts: AlignedBuffer<UInt32>
  private let sliceStarts: AlignedBuffer<UInt32>
  private let outputs: AlignedBuffer<UInt32>
  private let inputs: IndexBuffer
  private let values: AlignedBuffer<Float>

  /// Arranges a layer's weights.
  init(_ columns: NumberedColumns, hasWideIndices: Bool) {
    let height = Int(BBB_SLICE_ROWS)
    let bands = InputBands(columns).ranges
    var bandStarts: [UInt32] = [0]
    var sliceStarts: [UInt32] = [0]
    var rowOutputs: [UInt32] = []
    var steps = 0
    // Where the first weight of each output goes, band by band.
    var places: [[Int]] = []
    for (index, band) in bands.enumerated() {
      let counts = columns.weightCounts(of: band)
      var rows = CountingSort.fallingOrder(counts)
      if index > 0, index < bands.count - 1 {
        rows = Array(rows.prefix { counts[$0] > 0 })
      }
      var place = [Int](repeating: 0, count: columns.outputCount)
      for start in stride(from: 0, to: rows.count, by: height) {
        for row in 0..<height {
          guard start + row < rows.count else {
            rowOutputs.append(UInt32(columns.outputCount))
            continue
          }
          place[rows[start + row]] = steps * height + row
          rowOutputs.append(UInt32(rows[start + row]))
        }
        steps += counts[rows[start]]
        sliceStarts.append(UInt32(steps))
      }
      bandStarts.append(UInt32(sliceStarts.count - 1))
      places.append(place)
    }
    self.bandStarts = AlignedBuffer(bandStarts)
    self.sliceStarts = AlignedBuffer(sliceStarts)
    outputs = AlignedBuffer(rowOutputs)
    inputs = IndexBuffer(
      repeating: columns.inputCount, count: steps * height, isWide: hasWideIndices)
    values = AlignedBuffer(repeating: 0, count: steps * height)
    for (band, place) in zip(bands, places) {
      var next = place
      for input in band {
        for index in columns.pattern.entries(ofRow: input) {
          let output = Int(columns.pattern.columns[index])
          inputs.set(input, at: next[output])
          values.start[next[output]] = columns.values[index]
          next[output] += height
        }
      }
    }
  }

  /// What the kernels read; valid as long as the rows are.
  var kernelArgument: bbb_sliced_rows {
    bbb_sliced_rows(
      band_count: bandStarts.count - 1, band_starts: bandStarts.start,
      slice_starts: sliceStarts.start, outputs: outputs.start, inputs: inputs.start,
      values: values.start)
  }
}
