/// eˣ over the sum of eˣ along one axis: the numbers along it become positive, and 1 together.
public struct Softmax: Hashable, Sendable {
  /// The axis; 0 is that of the channels.
  public var axis: Int

  /// Creates a softmax.
  ///
  /// - Parameter axis: The axis; 0 is that of the channels.
  /// - Precondition: It is not negative.
  public init(axis: Int) {
    precondition(axis >= 0, "axes are counted from 0 on")
    self.axis = axis
  }

  func shape(reading input: Shape) throws(NetworkError) -> Shape {
    guard input.extents.indices.contains(axis) else {
      throw NetworkError(
        .mismatched, "\(input) has no axis \(axis); the last is \(input.extents.count - 1)")
    }
    return input
  }
}
