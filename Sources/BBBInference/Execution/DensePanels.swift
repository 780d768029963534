import BBBKernels
import CBBBKernels

/// A layer's weights with the zeros between them, in panels of outputs.
struct DensePanels: Sendable {
  /// (panels, inputs, outputs of a panel).
  private let values: AlignedBuffer<Float>

  /// Arranges a layer's weights.
  init(_ columns: NumberedColumns) {
    let width = Int(BBB_PANEL_OUTPUTS)
    let panelCount = (columns.outputCount + width - 1) / width
    values = AlignedBuffer(repeating: 0, count: panelCount * columns.inputCount * width)
    for input in 0..<columns.inputCount {
      for index in columns.pattern.entries(ofRow: input) {
        let output = Int(columns.pattern.columns[index])
        let place = (output / width * columns.inputCount + input) * width + output % width
        values.start[place] = columns.values[index]
      }
    }
  }

  /// What the kernels read; valid as long as the panels are.
  var kernelArgument: UnsafePointer<Float> { UnsafePointer(values.start) }
}
