/// How the weights of a matrix are arranged in a tensor: which output unit and which input the weight at a position joins.
///
/// Canonical are row, channel, tap: a row is an output unit; channels are those of a group, and taps the kernel's cells
/// (1 for a linear layer).
public struct WeightShape: Hashable, Sendable {
  /// In which order a tensor has the dimensions.
  public enum Order: Hashable, Sendable {
    /// (out, in) and (out, in, height, width), as PyTorch has it.
    case outputInput
    /// (in, out) and (height, width, in, out), as TensorFlow and JAX have it.
    case inputOutput
    /// (in, out of a group, height, width), the kernel turned round: what PyTorch has of a transposed convolution, seen as the
    /// convolution over spread elements that computes the same.
    case transposedConvolution
  }

  /// The output units.
  public var rows: Int
  /// The inputs, or input channels of a group, that a row reads.
  public var channels: Int
  /// The cells of the kernel.
  public var taps: Int
  /// The groups of channels; each is read by as many rows.
  public var groups: Int
  /// The order of the tensor's dimensions.
  public var order: Order

  /// Creates a shape.
  public init(
    rows: Int, channels: Int, taps: Int = 1, groups: Int = 1, order: Order = .outputInput
  ) {
    self.rows = rows
    self.channels = channels
    self.taps = taps
    self.groups = groups
    self.order = order
  }

  /// The number of weights.
  public var count: Int { rows * channels * taps }
  /// The columns of the whole matrix: those of all groups.
  public var columnCount: Int { channels * groups * taps }

  /// The row and the column of the weight at a position.
  ///
  /// - Parameter position: Row-major in the tensor.
  /// - Returns: The output unit; the input as (channel of all groups) · taps + tap.
  @inlinable @inline(__always)
  public func place(at position: Int) -> (row: Int, column: Int) {
    switch order {
    case .outputInput:
      let rowLength = channels * taps
      let row = position / rowLength
      return (row, position - row * rowLength + firstColumn(ofRow: row))
    case .inputOutput:
      let (place, row) = position.quotientAndRemainder(dividingBy: rows)
      let (tap, channel) = place.quotientAndRemainder(dividingBy: channels)
      return (row, channel * taps + tap + firstColumn(ofRow: row))
    case .transposedConvolution:
      let unitCount = rows / groups
      let (channel, place) = position.quotientAndRemainder(dividingBy: unitCount * taps)
      let (unit, tap) = place.quotientAndRemainder(dividingBy: taps)
      return (channel / channels * unitCount + unit, channel * taps + taps - 1 - tap)
    }
  }

  /// The position of the weight in a row and a column that it reads.
  ///
  /// - Parameters:
  ///   - row: The output unit.
  ///   - column: The input as (channel of all groups) · taps + tap; one of the row's group.
  /// - Returns: The position, row-major in the tensor.
  @inlinable @inline(__always)
  public func position(row: Int, column: Int) -> Int {
    let inGroup = column - firstColumn(ofRow: row)
    switch order {
    case .outputInput: return row * channels * taps + inGroup
    case .inputOutput: return (inGroup % taps * channels + inGroup / taps) * rows + row
    case .transposedConvolution:
      let unitCount = rows / groups
      let (channel, tap) = column.quotientAndRemainder(dividingBy: taps)
      return (channel * unitCount + row % unitCount) * taps + taps - 1 - tap
    }
  }

  /// A matrix's numbers by row and column, 0 where a row does not read a column's group.
  ///
  /// - Parameter numbers: One for each weight, row-major in the tensor.
  /// - Returns: Rows × ``columnCount``, row-major.
  @inlinable
  public func canonical(_ numbers: [Float]) -> [Float] {
    if order == .outputInput && groups == 1 { return numbers }
    var canonical = [Float](repeating: 0, count: rows * columnCount)
    for (position, number) in numbers.enumerated() {
      let (row, column) = place(at: position)
      canonical[row * columnCount + column] = number
    }
    return canonical
  }

  /// Numbers of weights, row by row.
  ///
  /// - Parameter numbers: One for each weight, row-major in the tensor.
  /// - Returns: (rows, channels of a group, taps), row-major.
  public func byRow<Number>(_ numbers: [Number]) -> [Number] {
    if order == .outputInput { return numbers }
    var ordered = numbers
    for (position, number) in numbers.enumerated() {
      let (row, column) = place(at: position)
      ordered[row * channels * taps + column - firstColumn(ofRow: row)] = number
    }
    return ordered
  }

  /// Where the columns of a row's group begin.
  @inlinable
  public func firstColumn(ofRow row: Int) -> Int {
    groups == 1 ? 0 : row / (rows / groups) * channels * taps
  }
}
