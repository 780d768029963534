/// The same elements, row-major, in another shape.
public struct Reshape: Hashable, Sendable {
  /// The extents of the result, channels first.
  public var extents: [Int]

  /// Creates a change of shape.
  ///
  /// - Parameter extents: The extents of the result, channels first; the first can be 0 where pruning left no channel.
  /// - Precondition: There is an axis, and no extent is negative.
  public init(_ extents: [Int]) {
    precondition(!extents.isEmpty && extents.allSatisfy { $0 >= 0 }, "a shape has extents")
    self.extents = extents
  }

  func shape(reading input: Shape) throws(NetworkError) -> Shape {
    guard extents.count <= Shape.largestAxisCount else {
      throw NetworkError(
        .mismatched, "a value has at most \(Shape.largestAxisCount) axes, and not \(extents.count)")
    }
    let shape = Shape(extents)
    try shape.checkIsCountable()
    guard shape.count == input.count, !shape.positions.contains(0) else {
      throw NetworkError(
        .mismatched, "the \(input.count) elements of \(input) cannot be arranged as \(shape)")
    }
    return shape
  }
}
