/// (x − mean)/√(variance + ε), mean and variance taken over some axes, for each index of the others.
///
/// Over all axes but those of the positions it is what layer normalisation does before it scales and shifts, over the positions what
/// instance normalisation does; a convolution of one cell and as many groups as channels scales and shifts. The variance is Σ(x − mean)²/n.
public struct Normalise: Hashable, Sendable {
  /// The axes, ascending; 0 is that of the channels.
  public var axes: [Int]
  /// ε.
  public var epsilon: Double

  /// ε where none is given, as in PyTorch and ONNX.
  public static let defaultEpsilon = 1e-5
  /// What ε can be: in single precision its root is a number to divide by.
  public static let epsilons = 1e-30...1e30

  /// Creates a normalisation.
  ///
  /// - Parameters:
  ///   - axes: The axes, in any order; 0 is that of the channels.
  ///   - epsilon: What is added to the variance.
  public init(axes: [Int], epsilon: Double = defaultEpsilon) {
    self.axes = axes.sorted()
    self.epsilon = epsilon
  }

  func shape(reading input: Shape) throws(NetworkError) -> Shape {
    guard !axes.isEmpty, Set(axes).count == axes.count,
      axes.allSatisfy(input.extents.indices.contains)
    else {
      throw NetworkError(
        .mismatched,
        "a normalisation of \(input) is over one or more of its axes, from 0 to \(input.extents.count - 1)"
      )
    }
    guard Self.epsilons.contains(epsilon) else {
      throw NetworkError(
        .mismatched, "epsilon is \(epsilon); give a number from 1e-30 to 1e30")
    }
    return input
  }
}
