/// Nodes that only look at a constant in another way: it stays in the file, and can be found there.
extension OperatorCall {
  /// Longer chains of nodes that only look at a constant do not occur, and would cost time at each use.
  private static let viewLimit = 32

  /// What a node makes of a constant without computing anything.
  ///
  /// - Parameter values: The types and shapes of what it makes.
  /// - Returns: A constant for each output; `nil` if the node computes.
  /// - Throws: ``ONNXError`` if the initializer is rearranged again and again.
  func views(making values: [ONNXValue]) throws(ONNXError) -> [ONNXConstant]? {
    guard let constant = inputs.first??.constant, values.allSatisfy({ $0.shape.numbers != nil })
    else { return nil }
    guard constant.views.count < Self.viewLimit else {
      throw unsupported(
        "reads an initializer through more than \(Self.viewLimit) nodes that rearrange it",
        "export the network with constants folded (do_constant_folding=True)")
    }
    switch node.operatorType {
    case "Transpose": return [constant.viewed(.transposed(axes: try transposition()))]
    case "Reshape", "Flatten", "Squeeze", "Unsqueeze":
      return values[0].shape.numbers.map { [constant.viewed(.reshaped($0))] }
    case "Expand": return values[0].shape.numbers == constant.shape ? [constant] : nil
    case "Cast", "CastLike":
      let type = values[0].elementType
      if type == constant.elementType { return [constant] }
      guard type.isFloatingPoint, constant.elementType.isFloatingPoint else { return nil }
      return [constant.viewed(.converted(type))]
    case "Slice":
      var result = constant
      for slice in try slices() {
        guard slice.step == 1 else { return nil }
        result = result.viewed(
          .sliced(axis: slice.axis, range: slice.start..<slice.start + slice.count))
      }
      return [result]
    case "Split":
      let (axis, lengths) = try splitLengths()
      var start = 0
      return lengths.map { length in
        defer { start += length }
        return constant.viewed(.sliced(axis: axis, range: start..<start + length))
      }
    default: return nil
    }
  }
}
