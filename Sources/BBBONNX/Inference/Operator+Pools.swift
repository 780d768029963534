/// Pools.
extension Operator {
  private static let windowAttributes: Set<String> = [
    "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "strides",
  ]

  static let pools: [String: Operator] = [
    "MaxPool": Operator(
      inputs: 1...1, attributes: windowAttributes.union(["storage_order"]), OperatorCall.pool),
    "AveragePool": Operator(
      inputs: 1...1, attributes: windowAttributes.union(["count_include_pad"]),
      OperatorCall.pool),
    "GlobalMaxPool": Operator(inputs: 1...1, OperatorCall.globalPool),
    "GlobalAveragePool": Operator(inputs: 1...1, OperatorCall.globalPool),
  ]
}

extension OperatorCall {
  fileprivate func pool() throws(ONNXError) -> [ONNXValue] {
    let input = try channelled(0)
    guard let extents = try poolWindow().outputExtents(of: input.positions) else {
      throw malformed("has a window that is larger than its input")
    }
    return [
      ONNXValue(
        try self.input(0).elementType,
        input.shape(channels: input.channels, positions: extents))
    ]
  }

  /// The windows of a pool, padding included.
  func poolWindow() throws(ONNXError) -> ONNXWindow {
    let input = try channelled(0)
    guard let kernel = try attributes.integers("kernel_shape"),
      kernel.count == input.positions.count
    else { throw malformed("has no kernel_shape that fits its input") }
    let window = try window(kernel: kernel, positions: input.positions)
    // A window in the padding alone would have no largest element, and no mean.
    let isPaddedTooWide = kernel.indices.contains { axis in
      let span = (kernel[axis] - 1) * window.dilations[axis] + 1
      return max(window.padsBefore[axis], window.padsAfter[axis]) >= span
    }
    guard !isPaddedTooWide else { throw malformed("pads by as much as its window is wide") }
    return window
  }

  fileprivate func globalPool() throws(ONNXError) -> [ONNXValue] {
    let input = try channelled(0)
    let extents = [Int](repeating: 1, count: input.positions.count)
    return [
      ONNXValue(
        try self.input(0).elementType,
        input.shape(channels: input.channels, positions: extents))
    ]
  }
}
