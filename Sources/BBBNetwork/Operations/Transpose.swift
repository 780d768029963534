/// The axes of a value in another order.
public struct Transpose: Hashable, Sendable {
  /// For each axis of the result, the axis of what is read that it is; channels first, as everywhere.
  public var order: [Int]

  /// Creates a transposition.
  ///
  /// - Parameter order: For each axis of the result, the axis of what is read that it is.
  public init(_ order: [Int]) { self.order = order }

  func shape(reading input: Shape) throws(NetworkError) -> Shape {
    guard order.sorted() == Array(input.extents.indices) else {
      throw NetworkError(
        .mismatched,
        "a transposition of \(input) names each of its axes once, from 0 to \(input.extents.count - 1)"
      )
    }
    return Shape(order.map { input.extents[$0] })
  }

  /// The element of the value that stands at each place of the result, both row-major.
  ///
  /// - Parameter input: The value's shape.
  /// - Returns: Numbers of elements.
  public func sources(in input: Shape) -> [Int] {
    let strides = input.strides
    return order.reduce([0]) { elements, axis in
      elements.flatMap { element in
        (0..<input.extents[axis]).map { element + $0 * strides[axis] }
      }
    }
  }
}
