import BBBNetwork

/// In which order a matrix's rows and columns run: that of the numbers of what is written and read.
///
/// Nodes that share weights, and arrange them alike, share the forms of these weights.
struct MatrixArrangement: Hashable, Sendable {
  /// The number of the parameter.
  let parameter: Int
  let isConvolution: Bool
  /// The matrix's rows in the order of the output's units.
  let rows: [Int]
  /// The matrix's columns that have a place, in the order of their numbers.
  let columns: [Int]
  /// The number that each of these reads, counted from where the window begins.
  let numbers: [UInt32]
  /// The numbers of what is read.
  let inputCount: Int

  /// Arranges a matrix.
  ///
  /// - Parameters:
  ///   - parameter: The number of the parameter.
  ///   - matrix: The operation.
  ///   - input: What is read.
  ///   - output: What it becomes.
  ///   - patterns: Which weights each parameter holds.
  init(
    of parameter: Int, _ matrix: Matrix, from input: Operand, to output: Operand,
    _ patterns: [SparsePattern]
  ) {
    self.parameter = parameter
    rows = output.layout.units
    isConvolution = matrix.window != nil
    inputCount = input.layout.count
    let source = input.layout.plane
    let placed: [(column: Int, number: Int)]
    if let window = matrix.window {
      // Relative to the first cell.
      let cells = Plane.tuples(window.axes.map(\.extent)).map { cell in
        cell.indices.reduce(0) {
          $0 + cell[$1] * window.axes[$1].dilation * source.strides[$1]
        }
      }
      placed = (0..<patterns[parameter].columnCount).compactMap { column in
        let (channel, cell) = column.quotientAndRemainder(dividingBy: cells.count)
        return input.layout.placeOfUnit[channel].map {
          (column, $0 * source.count + cells[cell])
        }
      }
    } else {
      placed = input.layout.numbers.enumerated().compactMap { column, number in
        number.map { (column, $0) }
      }
    }
    let sorted = placed.sorted { $0.number < $1.number }
    columns = sorted.map(\.column)
    numbers = sorted.map { UInt32($0.number) }
  }
}
