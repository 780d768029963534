import BBBKernels
import CBBBKernels

/// A matrix as it runs: a form, and the values in it.
final class RunnableMatrix: Sendable {
  let form: MatrixForm
  let values: AlignedBuffer<Float>
  private let biases: AlignedBuffer<Float>
  private let columnCount: Int
  private let hasWideIndices: Bool

  /// Puts weights into a form.
  ///
  /// - Parameters:
  ///   - form: Made for the step.
  ///   - step: Where the matrix is multiplied.
  ///   - weights: In the order of the pattern's entries.
  ///   - biases: One for each row of the matrix.
  init(_ form: MatrixForm, for step: MatrixStep, weights: [Float], biases: [Float]) {
    self.form = form
    values = form.arranged(weights)
    self.biases = AlignedBuffer(step.rows.map { biases[$0] })
    columnCount =
      if case .panels(let panels) = form { panels.columnCount } else { step.input.layout.count }
    hasWideIndices = step.hasWideIndices
  }

  /// What the kernels read; valid as long as the matrix is.
  func kernelArgument(rectifies: Bool) -> bbb_matrix {
    bbb_matrix(
      row_count: biases.count, column_count: columnCount, bias: biases.start,
      rectifies: rectifies ? 1 : 0, has_wide_indices: hasWideIndices ? 1 : 0)
  }
}

extension MatrixStep {
  /// Whether the numbers of a sparse form need 32 bits.
  var hasWideIndices: Bool {
    IndexBuffer.mustBeWide(for: max(input.layout.count, rows.count + Int(BBB_GROUP_WEIGHTS)))
  }
}
