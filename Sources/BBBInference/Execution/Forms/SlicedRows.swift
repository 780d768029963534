import BBBKernels
import CBBBKernels

/// A sparse matrix's weights by row, in slices of rows of about equal length: for tiles and lines.
///
/// The format is sliced ELLPACK (Monakov et al. 2010, "Automatically tuning sparse matrix-vector
/// multiplication for GPU architectures") with rows sorted by length, so that next to nothing is padded,
/// and in bands of inputs whose activations stay in the cache.
struct SlicedRows: Sendable {
  private let bandStarts: AlignedBuffer<UInt32>
  private let sliceStarts: AlignedBuffer<UInt32>
  private let rows: AlignedBuffer<UInt32>
  private let inputs: IndexBuffer
  private let origins: FormOrigins

  /// Puts a matrix's weights into the form.
  ///
  /// - Parameters:
  ///   - columns: A row for each of the arrangement's columns, a column for each of its rows.
  ///   - arrangement: The order of rows and columns.
  init(_ columns: ArrangedPattern, for arrangement: MatrixArrangement) {
    let height = Int(BBB_SLICE_ROWS)
    let pattern = columns.pattern
    let rowCount = arrangement.rows.count
    let bands = InputBands(pattern).ranges
    var bandStarts: [UInt32] = [0]
    var sliceStarts: [UInt32] = [0]
    var slicedRows: [UInt32] = []
    var steps = 0
    // Where the first weight of each row goes, band by band.
    var places: [[Int]] = []
    for (index, band) in bands.enumerated() {
      let entries =
        Int(pattern.rowStarts[band.lowerBound])..<Int(pattern.rowStarts[band.upperBound])
      let counts = CountingSort.occurrences(of: pattern.columns[entries], bound: rowCount)
      var rows = CountingSort.fallingOrder(counts)
      if index > 0, index < bands.count - 1 {
        rows = Array(rows.prefix { counts[$0] > 0 })
      }
      var place = [Int](repeating: 0, count: rowCount)
      for start in stride(from: 0, to: rows.count, by: height) {
        for row in 0..<height {
          guard start + row < rows.count else {
            slicedRows.append(UInt32(rowCount))
            continue
          }
          place[rows[start + row]] = steps * height + row
          slicedRows.append(UInt32(rows[start + row]))
        }
        steps += counts[rows[start]]
        sliceStarts.append(UInt32(steps))
      }
      bandStarts.append(UInt32(sliceStarts.count - 1))
      places.append(place)
    }
    self.bandStarts = AlignedBuffer(bandStarts)
    self.sliceStarts = AlignedBuffer(sliceStarts)
    rows = AlignedBuffer(slicedRows)
    // The number behind all units is zero.
    inputs = IndexBuffer(
      repeating: arrangement.inputCount, count: steps * height, isWide: arrangement.hasWideIndices)
    origins = FormOrigins(count: steps * height)
    for (band, place) in zip(bands, places) {
      var next = place
      for column in band {
        for entry in pattern.entries(ofRow: column) {
          let row = Int(pattern.columns[entry])
          inputs.set(Int(arrangement.numbers[column]), at: next[row])
          origins.set(columns.origins[entry], at: next[row])
          next[row] += height
        }
      }
    }
  }

  func arranged(_ weights: [Float]) -> AlignedBuffer<Float> { origins.gather(weights) }

  /// What the kernels read; valid as long as the rows and the values are.
  func kernelArgument(_ values: AlignedBuffer<Float>) -> bbb_sliced_rows {
    bbb_sliced_rows(
      band_count: bandStarts.count - 1, band_starts: bandStarts.start,
      slice_starts: sliceStarts.start, rows: rows.start, inputs: inputs.start,
      values: values.start)
  }
}
