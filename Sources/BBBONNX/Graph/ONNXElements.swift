import CBBBKernels

/// The elements of a constant, row-major.
public enum ONNXElements: Equatable, Sendable {
  /// Real numbers, each one that its type can hold.
  case reals([Double])
  /// Integers, some of which may depend on the number of examples; truth values as 0 and 1.
  case integers([ONNXExtent])

  /// The number of elements.
  public var count: Int {
    switch self {
    case .reals(let reals): reals.count
    case .integers(let integers): integers.count
    }
  }

  /// The elements at some positions.
  ///
  /// - Precondition: The positions are within `0..<count`.
  func gathered(at positions: [Int]) -> ONNXElements {
    switch self {
    case .reals(let reals): .reals(positions.map { reals[$0] })
    case .integers(let integers): .integers(positions.map { integers[$0] })
    }
  }
}

extension ONNXElementType {
  /// The number of this type that is nearest to a real number.
  func rounded(_ number: Double) -> Double {
    switch self {
    case .float32: Double(Float(number))
    case .float16: Double(bbb_half_to_float(bbb_float_to_half(Float(number))))
    case .bfloat16: Double(Float(number).roundedToBFloat16)
    default: number
    }
  }
}

extension Float {
  /// The number with the upper half of the bits that is nearest to this one, ties to even.
  fileprivate var roundedToBFloat16: Float {
    guard isFinite else { return self }
    let rounding = 0x7FFF + (bitPattern >> 16 & 1)
    return Float(bitPattern: (bitPattern &+ rounding) & 0xFFFF_0000)
  }
}
