import BBBKernels
import CBBBKernels

/// A matrix's weights with the zeros between them, in panels of rows.
struct DensePanels: Sendable {
  /// What a panel has a column for, counted from where the window begins: the columns of a convolution, and every number that
  /// plain units have, so that single vectors need no list.
  private let runs: AlignedBuffer<bbb_input_run>
  let columnCount: Int
  private let pattern: SparsePattern
  /// Where the rows and columns of the pattern stand.
  private let placeOfRow: [Int]
  private let placeOfColumn: [Int]

  /// Puts a matrix's weights into the form.
  ///
  /// - Parameters:
  ///   - pattern: The weights.
  ///   - arrangement: The order of rows and columns.
  init(_ pattern: SparsePattern, for arrangement: MatrixArrangement) {
    self.pattern = pattern
    let inputs =
      arrangement.isConvolution ? arrangement.numbers : Array(0..<UInt32(arrangement.inputCount))
    columnCount = inputs.count
    runs = Self.runs(inputs)
    var rows = [Int](repeating: 0, count: pattern.rowCount)
    for (place, row) in arrangement.rows.enumerated() { rows[row] = place }
    var columns = [Int](repeating: 0, count: pattern.columnCount)
    for (place, column) in arrangement.columns.enumerated() {
      columns[column] = arrangement.isConvolution ? place : Int(arrangement.numbers[place])
    }
    (placeOfRow, placeOfColumn) = (rows, columns)
  }

  /// Numbers that follow each other, together.
  private static func runs(_ numbers: [UInt32]) -> AlignedBuffer<bbb_input_run> {
    var runs: [bbb_input_run] = []
    for number in numbers {
      if let last = runs.last, last.first + last.count == number {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(bbb_input_run(first: number, count: 1))
      }
    }
    let buffer = AlignedBuffer(repeating: bbb_input_run(first: 0, count: 0), count: runs.count)
    buffer.start.update(from: runs, count: runs.count)
    return buffer
  }

  func arranged(_ weights: [Float]) -> AlignedBuffer<Float> {
    let width = Int(BBB_PANEL_OUTPUTS)
    let panelCount = (pattern.rowCount + width - 1) / width
    let panels = AlignedBuffer(repeating: Float(0), count: panelCount * columnCount * width)
    for row in 0..<pattern.rowCount {
      let (panel, lane) = placeOfRow[row].quotientAndRemainder(dividingBy: width)
      let start = panels.start + panel * columnCount * width + lane
      for entry in pattern.entries(ofRow: row) {
        start[placeOfColumn[Int(pattern.columns[entry])] * width] = weights[entry]
      }
    }
    return panels
  }

  /// What the kernels read; valid as long as the panels and the values are.
  func kernelArgument(_ values: AlignedBuffer<Float>) -> bbb_dense_panels {
    bbb_dense_panels(
      runs: runs.start, run_count: runs.count, values: values.start)
  }
}
