/// Zeros around a value, and between its elements.
public struct Pad: Hashable, Sendable {
  /// The zeros before the first element of each axis, channels first.
  public var before: [Int]
  /// The zeros behind the last element of each axis.
  public var after: [Int]
  /// The zeros between each two neighbours along each axis; none between channels.
  public var between: [Int]

  /// Creates a padding.
  ///
  /// - Parameters:
  ///   - before: The zeros before the first element of each axis, channels first.
  ///   - after: The zeros behind the last; as many as before the first by default.
  ///   - between: The zeros between each two neighbours; none by default.
  /// - Precondition: There are as many numbers for both ends and between, none negative.
  public init(before: [Int], after: [Int]? = nil, between: [Int]? = nil) {
    let after = after ?? before
    let between = between ?? Array(repeating: 0, count: before.count)
    precondition(
      before.count == after.count && before.count == between.count, "an axis has two ends")
    precondition((before + after + between).allSatisfy { $0 >= 0 }, "padding is not negative")
    self.before = before
    self.after = after
    self.between = between
  }

  /// Whether there are zeros among the positions, and not only further channels.
  public var reachesPositions: Bool {
    (before.dropFirst() + after.dropFirst() + between).contains { $0 > 0 }
  }

  func shape(reading input: Shape) throws(NetworkError) -> Shape {
    guard before.count == input.extents.count else {
      throw NetworkError(
        .mismatched, "zeros around \(before.count) axes do not fit \(input), which has others")
    }
    let most = 1 << 24
    guard (before + after + between).allSatisfy({ $0 <= most }) else {
      throw NetworkError(.mismatched, "more than \(most) zeros are beyond what can be computed")
    }
    guard between[0] == 0 else {
      throw NetworkError(.mismatched, "zeros stand between positions, and not between channels")
    }
    return Shape(
      input.extents.indices.map { before[$0] + spread(input.extents[$0], axis: $0) + after[$0] })
  }

  /// The elements of an axis with the zeros between them.
  private func spread(_ extent: Int, axis: Int) -> Int {
    max(0, extent + between[axis] * (extent - 1))
  }

  /// The element of the value that stands at each place of the result, both row-major; `nil` for a zero.
  ///
  /// - Parameter input: The value's shape.
  /// - Returns: Numbers of elements.
  public func sources(in input: Shape) -> [Int?] {
    input.extents.indices.reduce([0]) { elements, axis in
      let extent = input.extents[axis]
      return elements.flatMap { element in
        (0..<before[axis] + spread(extent, axis: axis) + after[axis]).map { place in
          let (position, zero) = (place - before[axis]).quotientAndRemainder(
            dividingBy: between[axis] + 1)
          guard let element, place >= before[axis], zero == 0, position < extent else {
            return nil
          }
          return element * extent + position
        }
      }
    }
  }
}
