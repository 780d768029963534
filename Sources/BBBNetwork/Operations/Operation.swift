/// What a node computes from what it reads.
///
/// The set is closed: every pass over a network (shapes, dead units, execution, moments, gradients, files) answers for
/// each of them in its own module, and the compiler lists most of what a new one must be given; CONTRIBUTING.md has the
/// whole list.
public enum Operation: Hashable, Sendable {
  /// Weighted sums: of all elements, or of those in a window (convolution).
  case matrix(Matrix)
  /// A function of each element.
  case activation(Activation)
  /// The largest or the mean element of a window, channel by channel.
  case pool(Pool)
  /// The sum of two values of one shape, element by element.
  case add
  /// The channels of several values, one behind the other.
  case concatenate
  /// All elements along one axis, in row-major order.
  case flatten
  /// Some elements along each axis.
  case slice(Slice)
  /// Zeros around a value.
  case pad(Pad)
}

extension Operation {
  /// What the operation is called in a network's text.
  public var word: String {
    switch self {
    case .matrix(let matrix): matrix.window == nil ? "linear" : "convolution"
    case .activation(.none): "identity"
    case .activation(let activation): activation.rawValue
    case .pool(let pool): pool.kind == .max ? "max-pool" : "average-pool"
    case .add: "add"
    case .concatenate: "concatenate"
    case .flatten: "flatten"
    case .slice: "slice"
    case .pad: "pad"
    }
  }

  /// The words that texts can hold, for messages.
  static let words =
    [
      "linear", "convolution", "max-pool", "average-pool", "add", "concatenate", "flatten", "slice",
      "pad",
    ]
    + Activation.allCases.filter { $0 != .none }.map(\.rawValue) + ["identity"]

  /// The shape of what the operation gives.
  ///
  /// - Parameter inputs: The shapes of what it reads.
  /// - Returns: The shape.
  /// - Throws: ``NetworkError`` without a place if it cannot read such values.
  public func shape(reading inputs: [Shape]) throws(NetworkError) -> Shape {
    let shape = try uncheckedShape(reading: inputs)
    try shape.checkIsCountable()
    return shape
  }

  private func uncheckedShape(reading inputs: [Shape]) throws(NetworkError) -> Shape {
    switch self {
    case .add, .concatenate: break
    case .matrix, .activation, .pool, .flatten, .slice, .pad:
      guard inputs.count == 1 else {
        throw NetworkError(.structure, "\(word) reads one value, and not \(inputs.count)")
      }
    }
    switch self {
    case .matrix(let matrix): return try matrix.shape(reading: inputs[0])
    case .activation: return inputs[0]
    case .pool(let pool): return try pool.shape(reading: inputs[0])
    case .add: return try Self.sumShape(inputs)
    case .concatenate: return try Self.joinedShape(inputs)
    case .flatten: return [inputs[0].count]
    case .slice(let slice): return try slice.shape(reading: inputs[0])
    case .pad(let pad): return try pad.shape(reading: inputs[0])
    }
  }

  private static func sumShape(_ inputs: [Shape]) throws(NetworkError) -> Shape {
    guard inputs.count == 2 else {
      throw NetworkError(.structure, "add reads two values, and not \(inputs.count)")
    }
    guard inputs[0] == inputs[1] else {
      throw NetworkError(
        .mismatched, "values of \(inputs[0]) and \(inputs[1]) elements cannot be added")
    }
    return inputs[0]
  }

  private static func joinedShape(_ inputs: [Shape]) throws(NetworkError) -> Shape {
    guard let first = inputs.first, inputs.count > 1 else {
      throw NetworkError(
        .structure, "concatenate reads two values or more, and not \(inputs.count)")
    }
    for other in inputs where other.positions != first.positions {
      throw NetworkError(
        .mismatched,
        "values of \(first) and \(other) elements differ behind the channels, which are put together"
      )
    }
    return Shape([inputs.reduce(0) { $0 + $1.extents[0] }] + first.positions)
  }
}
