/// Some of a value's elements: along each axis every so-manieth from a first one on.
public struct Slice: Hashable, Sendable {
  /// What is taken along one axis.
  public struct Axis: Hashable, Sendable {
    /// The first element that is taken.
    public var start: Int
    /// How many are taken; at least 1, or none of channels that pruning left none of.
    public var count: Int
    /// From one to the next; at least 1.
    public var step: Int

    /// Creates an axis.
    ///
    /// - Parameters:
    ///   - start: The first element that is taken.
    ///   - count: How many are taken.
    ///   - step: From one to the next.
    /// - Precondition: Neither start nor count is negative, and the step is positive.
    public init(start: Int = 0, count: Int, step: Int = 1) {
      precondition(min(start, count) >= 0 && step > 0, "a slice goes forward from an element on")
      self.start = start
      self.count = count
      self.step = step
    }

    /// The position of an element that is taken.
    public func position(_ element: Int) -> Int { start + element * step }

    /// Whether everything of an axis is taken.
    func isWhole(of extent: Int) -> Bool { self == Axis(count: extent) }
  }

  /// One for each axis of the value, channels first.
  public var axes: [Axis]

  /// Creates a slice.
  ///
  /// - Parameter axes: One for each axis of the value, channels first.
  public init(_ axes: [Axis]) { self.axes = axes }

  func shape(reading input: Shape) throws(NetworkError) -> Shape {
    guard axes.count == input.extents.count else {
      throw NetworkError(
        .mismatched, "a slice of \(axes.count) axes is taken of \(input.extents.count): \(input)")
    }
    guard axes.dropFirst().allSatisfy({ $0.count > 0 }) else {
      throw NetworkError(.mismatched, "a slice takes at least one position along each axis")
    }
    for (axis, extent) in zip(axes, input.extents) {
      let (reach, overflow) = max(axis.count - 1, 0).multipliedReportingOverflow(by: axis.step)
      guard !overflow, axis.start <= extent, reach < extent - axis.start || axis.count == 0 else {
        throw NetworkError(
          .mismatched,
          "a slice of \(axis.count) elements from \(axis.start) on does not fit into \(extent)")
      }
    }
    return Shape(axes.map(\.count))
  }

  /// The element of the value that each of the slice's is, both row-major.
  ///
  /// - Parameter input: The value's shape.
  /// - Returns: Numbers of elements.
  public func sources(in input: Shape) -> [Int] {
    zip(axes, input.extents).reduce([0]) { elements, axis in
      elements.flatMap { element in
        (0..<axis.0.count).map { element * axis.1 + axis.0.position($0) }
      }
    }
  }
}
