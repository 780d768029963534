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
  ///   - form: Made for the arrangement.
  ///   - arrangement: The order of rows and columns.
  ///   - weights: In the order of the pattern's entries.
  ///   - biases: One for each row of the matrix.
  init(_ form: MatrixForm, for arrangement: MatrixArrangement, weights: [Float], biases: [Float]) {
    self.form = form
    values = form.arranged(weights)
    self.biases = AlignedBuffer(arrangement.rows.map { biases[$0] })
    columnCount =
      if case .panels(let panels) = form { panels.columnCount } else { arrangement.inputCount }
    hasWideIndices = arrangement.hasWideIndices
  }

  /// What the kernels read; valid as long as the matrix is.
  func kernelArgument(rectifies: Bool) -> bbb_matrix {
    bbb_matrix(
      row_count: biases.count, column_count: columnCount, bias: biases.start,
      rectifies: rectifies ? 1 : 0, has_wide_indices: hasWideIndices ? 1 : 0)
  }
}

extension MatrixArrangement {
  /// Whether the numbers of a sparse form need 32 bits.
  var hasWideIndices: Bool {
    IndexBuffer.mustBeWide(for: max(inputCount, rows.count + Int(BBB_GROUP_WEIGHTS)))
  }
}
