/// What a file leaves open about its inputs, and whoever reads it says.
public struct ONNXInputOptions: Hashable, Sendable {
  /// The shape of the only input, with the axis of the examples or without; `nil` for what the file says.
  public var shape: [Int]?
  /// Shapes of inputs, by name, and extents that the file calls by a name, each by itself.
  public var namedShapes: [String: [Int]]
  /// The numbers of inputs that are no inputs any more, but constants of the graph: as many as the input has, or one for all.
  public var values: [String: [Double]]
  /// Whether the inputs have an axis of examples.
  ///
  /// Without one, all inputs together are one example, and every axis is like the others.
  public var hasExamples: Bool

  /// Says what a file leaves open; by default nothing.
  ///
  /// - Parameters:
  ///   - shape: The shape of the only input.
  ///   - namedShapes: Shapes of inputs, and named extents.
  ///   - values: The numbers of inputs that are to be constants.
  ///   - hasExamples: Whether the inputs have an axis of examples.
  public init(
    shape: [Int]? = nil, namedShapes: [String: [Int]] = [:], values: [String: [Double]] = [:],
    hasExamples: Bool = true
  ) {
    self.shape = shape
    self.namedShapes = namedShapes
    self.values = values
    self.hasExamples = hasExamples
  }
}
