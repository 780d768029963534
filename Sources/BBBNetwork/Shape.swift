/// The extents of one example's value, without the batch: channels first, as ONNX has them, such as (1, 28, 28).
///
/// An extent can be 0 where pruning left no unit.
public struct Shape: Hashable, Sendable {
  /// The number of elements along each axis; at least one axis.
  public let extents: [Int]

  /// Creates a shape.
  ///
  /// - Parameter extents: The number of elements along each axis.
  /// - Precondition: There is at least one axis, and no extent is negative.
  public init(_ extents: [Int]) {
    precondition(!extents.isEmpty && extents.allSatisfy { $0 >= 0 }, "a shape has extents")
    self.extents = extents
  }

  /// The number of elements.
  public var count: Int { extents.reduce(1, *) }
  /// The extents behind the first axis, that of the channels: rows and columns of an image; empty for plain units.
  public var positions: [Int] { Array(extents.dropFirst()) }
  /// The number of elements of one channel: 1 for plain units.
  public var positionCount: Int { positions.reduce(1, *) }
  /// How far apart, in row-major order, two elements are that are neighbours along each axis.
  public var strides: [Int] {
    extents.indices.map { axis in extents[(axis + 1)...].reduce(1, *) }
  }

  /// The most axes that a value can be given.
  public static let largestAxisCount = 8
}

extension Shape {
  /// More elements than a value of any network has; products of fewer are numbers that a computer can count with.
  private static let largestCount = 1 << 31

  /// Checks that the elements can be counted.
  ///
  /// - Throws: ``NetworkError`` without a place if there are more than 2³¹.
  func checkIsCountable() throws(NetworkError) {
    var count = 1
    for extent in extents {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= Self.largestCount else {
        throw NetworkError(
          .mismatched, "a value of \(self) elements is beyond what can be computed")
      }
      count = product
    }
  }
}

extension Shape: ExpressibleByArrayLiteral {
  /// Creates a shape from its extents.
  public init(arrayLiteral elements: Int...) { self.init(elements) }
}

extension Shape: CustomStringConvertible {
  /// The extents with × between, such as `20×12×12`.
  public var description: String { extents.map(String.init).joined(separator: "×") }
}
