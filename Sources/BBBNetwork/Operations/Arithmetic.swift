import CBBBLibc

/// What two values are computed into, element by element.
///
/// The values have equally many axes. Where one of them has a single element along an axis, that one goes with each of the
/// other's (broadcasting, as PyTorch and ONNX define it for values of one rank): a gate of (C, 1, 1) multiplies each channel
/// of (C, H, W) by a number of its own.
public enum Arithmetic: String, CaseIterable, Hashable, Sendable {
  /// The first plus the second.
  case add
  /// The first minus the second.
  case subtract
  /// The first times the second.
  case multiply
  /// The first over the second.
  case divide
  /// The smaller of both.
  case minimum
  /// The larger of both.
  case maximum
  /// The first to the power of the second: 1 where that is 0, no number for a negative one and a fraction.
  case power
  /// 1 where both are equal, else 0.
  case equal
  /// 1 where the first is less than the second, else 0.
  case less
  /// The first where the second is not 0, else 0, also of what is infinite or no number.
  case select

  /// The result for two numbers.
  ///
  /// - Parameters:
  ///   - one: An element of the first value.
  ///   - other: The element of the second value that goes with it.
  /// - Returns: The element of the result; NaN where either is, but for powers of 1 and with 0, comparisons, which are 0 then, and
  ///   what ``select`` leaves out.
  public func callAsFunction(_ one: Double, _ other: Double) -> Double {
    switch self {
    case .add: one + other
    case .subtract: one - other
    case .multiply: one * other
    case .divide: one / other
    case .minimum: one.isNaN || one < other ? one : other
    case .maximum: one.isNaN || one > other ? one : other
    case .power: pow(one, other)
    case .equal: one == other ? 1 : 0
    case .less: one < other ? 1 : 0
    case .select: other != 0 ? one : 0
    }
  }

  func shape(reading inputs: [Shape]) throws(NetworkError) -> Shape {
    guard inputs.count == 2 else {
      throw NetworkError(.structure, "\(rawValue) reads two values, and not \(inputs.count)")
    }
    let (one, other) = (inputs[0].extents, inputs[1].extents)
    guard one.count == other.count,
      zip(one, other).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 })
    else {
      throw NetworkError(
        .mismatched,
        "values of \(inputs[0]) and \(inputs[1]) elements cannot be \(participle); give them equally many axes, "
          + "and along each as many elements, or 1")
    }
    return Shape(zip(one, other).map { $0 == 1 ? $1 : $0 })
  }

  private var participle: String {
    switch self {
    case .add: "added"
    case .subtract: "subtracted"
    case .multiply: "multiplied"
    case .divide: "divided"
    case .minimum, .maximum, .equal, .less: "compared"
    case .power: "raised to powers"
    case .select: "selected"
    }
  }
}

extension Shape {
  /// The element of a value that goes with each element of a larger shape, both row-major.
  ///
  /// - Parameter result: As many axes; along each as many elements, or any number where the value has one.
  /// - Returns: Numbers of elements.
  public func elements(broadcastTo result: Shape) -> [Int] {
    zip(extents, result.extents).reduce([0]) { elements, axis in
      elements.flatMap { element in
        (0..<axis.1).map { element * axis.0 + (axis.0 == 1 ? 0 : $0) }
      }
    }
  }
}
