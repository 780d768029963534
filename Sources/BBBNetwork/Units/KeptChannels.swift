extension Operation {
  /// Whether each channel of what is given is made of the one channel of that number that is read: of operations that may do so or
  /// mix channels, whose units are then pinned.
  ///
  /// - Parameters:
  ///   - channels: Those of the first value that is read.
  ///   - shape: The shape of what is given.
  /// - Returns: Whether they are.
  public func keepsChannels(_ channels: [UnitSpaces.Channel], in shape: Shape) -> Bool {
    switch self {
    case .activation, .pool, .flatten, .arithmetic: true
    case .matrix, .concatenate, .slice, .gather, .pad, .product, .constant: false
    case .transpose(let transpose): transpose.order[0] == 0
    case .reshape:
      // What was flattened can get its positions back.
      channels.count == shape.extents[0]
        && channels.allSatisfy { $0.elementCount == shape.positionCount }
    case .softmax(let softmax): softmax.axis > 0
    case .normalise(let normalise): !normalise.axes.contains(0)
    }
  }
}
