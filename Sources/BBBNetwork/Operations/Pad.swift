/// Zeros around a value.
public struct Pad: Hashable, Sendable {
  /// The zeros before the first element of each axis, channels first.
  public var before: [Int]
  /// The zeros behind the last element of each axis.
  public var after: [Int]

  /// Creates a padding.
  ///
  /// - Parameters:
  ///   - before: The zeros before the first element of each axis, channels first.
  ///   - after: The zeros behind the last; as many as before the first by default.
  /// - Precondition: There are as many numbers for both ends, none negative.
  public init(before: [Int], after: [Int]? = nil) {
    let after = after ?? before
    precondition(before.count == after.count, "an axis has two ends")
    precondition((before + after).allSatisfy { $0 >= 0 }, "padding is not negative")
    self.before = before
    self.after = after
  }

  /// Whether there are zeros among the positions, and not only further channels.
  public var reachesPositions: Bool {
    (before.dropFirst() + after.dropFirst()).contains { $0 > 0 }
  }

  func shape(reading input: Shape) throws(NetworkError) -> Shape {
    guard before.count == input.extents.count else {
      throw NetworkError(
        .mismatched, "zeros around \(before.count) axes do not fit \(input), which has others")
    }
    let most = 1 << 24
    guard (before + after).allSatisfy({ $0 <= most }) else {
      throw NetworkError(.mismatched, "more than \(most) zeros are beyond what can be computed")
    }
    return Shape(input.extents.indices.map { before[$0] + input.extents[$0] + after[$0] })
  }

  /// The element of the value that stands at each place of the result, both row-major; `nil` for a zero.
  ///
  /// - Parameter input: The value's shape.
  /// - Returns: Numbers of elements.
  public func sources(in input: Shape) -> [Int?] {
    input.extents.indices.reduce([0]) { elements, axis in
      let extent = input.extents[axis]
      return elements.flatMap { element in
        (0..<before[axis] + extent + after[axis]).map { place in
          let position = place - before[axis]
          guard let element, (0..<extent).contains(position) else { return nil }
          return element * extent + position
        }
      }
    }
  }
}
