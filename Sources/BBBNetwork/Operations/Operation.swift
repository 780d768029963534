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
  /// The sum, difference, product and so on of two values, element by element.
  case arithmetic(Arithmetic)
  /// The channels of several values, one behind the other.
  case concatenate
  /// All elements along one axis, in row-major order.
  case flatten
  /// Some elements along each axis.
  case slice(Slice)
  /// Elements along one axis in any order, some more than once perhaps.
  case gather(Gather)
  /// Zeros around a value, and between its elements.
  case pad(Pad)
  /// The axes in another order.
  case transpose(Transpose)
  /// The same elements in another shape.
  case reshape(Reshape)
  /// eˣ over the sum of eˣ along an axis.
  case softmax(Softmax)
  /// What is left of mean and variance once they are 0 and 1.
  case normalise(Normalise)
  /// The matrix product of two values.
  case product(Product)
  /// Numbers of a shape that belong to the model, whatever the input: it reads nothing.
  case constant(Shape)
}

extension Operation {
  /// What the operation is called in a network's text.
  public var word: String {
    switch self {
    case .matrix(let matrix): matrix.window == nil ? "linear" : "convolution"
    case .activation(.none): "identity"
    case .activation(let activation): activation.rawValue
    case .pool(let pool): pool.kind == .max ? "max-pool" : "average-pool"
    case .arithmetic(let arithmetic): arithmetic.rawValue
    case .concatenate: "concatenate"
    case .flatten: "flatten"
    case .slice: "slice"
    case .gather: "gather"
    case .pad: "pad"
    case .transpose: "transpose"
    case .reshape: "reshape"
    case .softmax: "softmax"
    case .normalise: "normalise"
    case .product: "product"
    case .constant: "constant"
    }
  }

  /// Whether it has numbers of its own, which are a parameter of the network that has its name.
  public var hasParameter: Bool {
    switch self {
    case .matrix(let matrix): matrix.sharing == nil
    case .constant: true
    default: false
    }
  }

  /// The words that texts can hold, for messages.
  static let words =
    [
      "linear", "convolution", "max-pool", "average-pool", "concatenate", "flatten", "slice",
      "gather", "pad",
      "constant", "transpose", "reshape", "softmax", "normalise", "product",
    ]
    + Arithmetic.allCases.map(\.rawValue)
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
    case .arithmetic, .concatenate, .product: break
    case .constant:
      guard inputs.isEmpty else {
        throw NetworkError(.structure, "constant reads nothing, and not \(inputs.count) values")
      }
    case .matrix, .activation, .pool, .flatten, .slice, .gather, .pad, .transpose, .reshape,
      .softmax, .normalise:
      guard inputs.count == 1 else {
        throw NetworkError(.structure, "\(word) reads one value, and not \(inputs.count)")
      }
    }
    switch self {
    case .matrix(let matrix): return try matrix.shape(reading: inputs[0])
    case .activation: return inputs[0]
    case .pool(let pool): return try pool.shape(reading: inputs[0])
    case .arithmetic(let arithmetic): return try arithmetic.shape(reading: inputs)
    case .concatenate: return try Self.joinedShape(inputs)
    case .flatten: return [inputs[0].count]
    case .slice(let slice): return try slice.shape(reading: inputs[0])
    case .gather(let gather): return try gather.shape(reading: inputs[0])
    case .pad(let pad): return try pad.shape(reading: inputs[0])
    case .transpose(let transpose): return try transpose.shape(reading: inputs[0])
    case .reshape(let reshape): return try reshape.shape(reading: inputs[0])
    case .softmax(let softmax): return try softmax.shape(reading: inputs[0])
    case .normalise(let normalise): return try normalise.shape(reading: inputs[0])
    case .product(let product): return try product.shape(reading: inputs)
    case .constant(let shape): return shape
    }
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
