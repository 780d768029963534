/// Weighted sums of elements: a linear layer, or a convolution.
///
/// One output unit is a row of the matrix. A column is an element of what is read (linear), or a channel and a cell of the
/// kernel (convolution), which moves over the positions. The parameters are `NAME.weight` and, with a bias, `NAME.bias`, NAME
/// being the node's; or those of an earlier node, which several use then (tied weights).
public struct Matrix: Hashable, Sendable {
  /// The number of output units, or channels; 0 where pruning left none.
  public var unitCount: Int
  /// The kernel of a convolution; `nil` for a linear layer.
  public var window: Window?
  /// Into how many groups the channels are divided, each with units of its own; 1 but for convolutions.
  public var groupCount: Int
  /// Whether a bias is added to each unit.
  public var hasBias: Bool
  /// The number of the earlier node whose weights and biases are used, which has its own; `nil` for weights of its own.
  ///
  /// What does not arrange weights may differ between the two: strides, paddings, or that one is a linear layer and the other a
  /// convolution of one cell.
  public var sharing: Int?

  /// Creates a matrix.
  ///
  /// - Parameters:
  ///   - unitCount: The number of output units.
  ///   - window: The kernel of a convolution.
  ///   - groupCount: Into how many groups the channels are divided.
  ///   - hasBias: Whether a bias is added.
  ///   - sharing: The number of the earlier node whose weights and biases are used.
  public init(
    unitCount: Int, window: Window? = nil, groupCount: Int = 1, hasBias: Bool = true,
    sharing: Int? = nil
  ) {
    precondition(unitCount >= 0 && groupCount > 0, "units and groups are counted")
    precondition(window != nil || groupCount == 1, "a linear layer has no groups")
    self.unitCount = unitCount
    self.window = window
    self.groupCount = groupCount
    self.hasBias = hasBias
    self.sharing = sharing
  }

  func shape(reading input: Shape) throws(NetworkError) -> Shape {
    // Rows and columns of 2²⁴ and 2³¹ can be counted; more weights no machine holds.
    let (columns, overflow) = (window?.cellCount ?? 1).multipliedReportingOverflow(by: input.count)
    guard !overflow, columns <= 1 << 36 else {
      throw NetworkError(
        .mismatched, "a kernel over \(input) elements is beyond what can be computed")
    }
    guard let window else {
      guard input.extents.count == 1 else {
        throw NetworkError(
          .mismatched,
          "linear reads a value of one axis, and \(input) has \(input.extents.count); put 'flatten' before it"
        )
      }
      return [unitCount]
    }
    guard input.extents.count > 1 else {
      throw NetworkError(
        .mismatched,
        "a convolution reads channels of one axis or more, and there are \(input) plain units")
    }
    guard input.extents[0].isMultiple(of: groupCount), unitCount.isMultiple(of: groupCount) else {
      throw NetworkError(
        .mismatched,
        "\(groupCount) groups must divide both \(input.extents[0]) channels and \(unitCount) units evenly"
      )
    }
    return Shape([unitCount] + (try window.outputPositions(of: input)))
  }

  /// How the weights are arranged, reading a value.
  ///
  /// - Parameter input: The value's shape.
  /// - Returns: Rows, channels and taps, in the order that PyTorch keeps them.
  func weightShape(reading input: Shape) -> WeightShape {
    WeightShape(
      rows: unitCount, channels: window == nil ? input.count : input.extents[0] / groupCount,
      taps: window?.cellCount ?? 1, groups: groupCount)
  }
}
