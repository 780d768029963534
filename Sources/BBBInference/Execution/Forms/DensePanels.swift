import BBBKernels
import CBBBKernels

/// A matrix's weights with the zeros between them, in panels of rows.
struct DensePanels: Sendable {
  /// What a panel has a column for, counted from where the window begins: the columns of a convolution, and every number that
  /// plain units have, so that single vectors need no list.
  private let inputs: AlignedBuffer<UInt32>
  private let pattern: SparsePattern
  /// Where the rows and columns of the pattern stand.
  private let placeOfRow: [Int]
  private let placeOfColumn: [Int]

  var columnCount: Int { inputs.count }

  /// Arranges a matrix's weights for a step.
  ///
  /// - Parameters:
  ///   - pattern: The weights.
  ///   - step: The step.
  init(_ pattern: SparsePattern, for step: MatrixStep) {
    self.pattern = pattern
    inputs = AlignedBuffer(
      step.isConvolution ? step.numbers : Array(0..<UInt32(step.input.layout.count)))
    var rows = [Int](repeating: 0, count: pattern.rowCount)
    for (place, row) in step.rows.enumerated() { rows[row] = place }
    var columns = [Int](repeating: 0, count: pattern.columnCount)
    for (place, column) in step.columns.enumerated() {
      columns[column] = step.isConvolution ? place : Int(step.numbers[place])
    }
    (placeOfRow, placeOfColumn) = (rows, columns)
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
    bbb_dense_panels(inputs: inputs.start, values: values.start)
  }
}
