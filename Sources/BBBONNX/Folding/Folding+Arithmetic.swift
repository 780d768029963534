import CBBBLibc

/// Arithmetic on constants.
extension OperatorCall {
  /// The elements of a constant input, broadcast to a shape.
  func broadcastElements(_ index: Int, to shape: [Int]) throws(ONNXError) -> ONNXElements {
    let constant = try constant(index)
    let elements = try constant.elements()
    guard constant.shape != shape else { return elements }
    return elements.gathered(at: ElementPositions.broadcast(constant.shape, to: shape))
  }

  /// An input that is a constant.
  func constant(_ index: Int) throws(ONNXError) -> ONNXConstant {
    guard let constant = try input(index).constant else {
      throw malformed("reads a value that is no constant")
    }
    return constant
  }

  /// Functions of single real numbers.
  func foldedReals(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    guard case .reals(let reals) = try constant(0).elements() else {
      throw malformed("reads integers, where real numbers belong")
    }
    switch node.operatorType {
    case "Exp": return .reals(reals.map { exp($0) })
    case "Log": return .reals(reals.map { log($0) })
    case "Sqrt": return .reals(reals.map { $0.squareRoot() })
    case "Reciprocal": return .reals(reals.map { 1 / $0 })
    case "Floor": return .reals(reals.map { $0.rounded(.down) })
    case "Ceil": return .reals(reals.map { $0.rounded(.up) })
    default: return .reals(reals.map { $0.rounded(.toNearestOrEven) })
    }
  }

  /// Arithmetic on any numbers, of one input or joining several.
  func foldedArithmetic(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    var result = try broadcastElements(0, to: shape)
    if inputs.count == 1 { return try negatedOrAbsolute(result) }
    for index in inputs.indices.dropFirst() {
      result = try joined(result, broadcastElements(index, to: shape))
    }
    return result
  }

  private func negatedOrAbsolute(_ elements: ONNXElements) throws(ONNXError) -> ONNXElements {
    switch (elements, node.operatorType) {
    case (.reals(let reals), "Neg"): return .reals(reals.map { -$0 })
    case (.reals(let reals), "Abs"): return .reals(reals.map(\.magnitude))
    case (.reals(let reals), "Sign"):
      return .reals(reals.map { $0.isNaN || $0 == 0 ? $0 : $0 < 0 ? -1 : 1 })
    case (.integers(let integers), "Neg"): return try checked(integers.map(\.negated))
    case (.integers(let integers), "Abs"):
      return try checked(integers.map { $0.isLess(than: .number(0)) == true ? $0.negated : $0 })
    case (.integers(let integers), "Sign"): return try checked(integers.map(\.sign))
    default: return elements
    }
  }

  private func joined(
    _ one: ONNXElements, _ other: ONNXElements
  ) throws(ONNXError) -> ONNXElements {
    switch (one, other) {
    case (.reals(let one), .reals(let other)):
      return .reals(zip(one, other).map { real($0, $1) })
    case (.integers(let one), .integers(let other)):
      let isLikeC = try attributes.flag("fmod")
      return try checked(zip(one, other).map { integer($0, $1, isLikeC: isLikeC) })
    default: throw malformed("joins integers and real numbers")
    }
  }

  private func real(_ one: Double, _ other: Double) -> Double {
    switch node.operatorType {
    case "Add": one + other
    case "Sub": one - other
    case "Mul": one * other
    case "Div": one / other
    case "Mod": fmod(one, other)
    case "Min": one.isNaN || one < other ? one : other
    default: one.isNaN || one > other ? one : other
    }
  }

  private func integer(
    _ one: ONNXExtent, _ other: ONNXExtent, isLikeC: Bool
  ) -> ONNXExtent? {
    switch node.operatorType {
    case "Add": one.adding(other)
    case "Sub": one.subtracting(other)
    case "Mul": one.multiplied(by: other)
    case "Div": one.divided(by: other)
    case "Mod": one.remainder(dividingBy: other, isLikeC: isLikeC)
    case "Min": one.isLess(than: other).map { $0 ? one : other }
    default: one.isLess(than: other).map { $0 ? other : one }
    }
  }

  /// Integers of which none is beyond what can be said of it.
  private func checked(_ integers: [ONNXExtent?]) throws(ONNXError) -> ONNXElements {
    let known = integers.compactMap(\.self)
    let range = try input(0).elementType.integerRange ?? 0...0
    guard known.count == integers.count,
      known.allSatisfy({ $0.number.map(range.contains) ?? true })
    else {
      throw unsupported(
        "computes an integer that is beyond its type, or that depends on how many examples there are",
        "export the network for a fixed number of examples, without dynamic axes")
    }
    return .integers(known)
  }

  /// Powers, of which the exponent may be of another type.
  func foldedPower(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    let bases = try numbers(broadcastElements(0, to: shape))
    let powers = zip(bases, try numbers(broadcastElements(1, to: shape))).map { pow($0, $1) }
    guard try !input(0).elementType.isFloatingPoint else { return .reals(powers) }
    return try integers(powers)
  }

  /// Elements held between two numbers.
  func foldedClip(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    let elements = try numbers(constant(0).elements())
    let least = try optionalInput(1) == nil ? nil : numbers(constant(1).elements()).first
    let largest = try optionalInput(2) == nil ? nil : numbers(constant(2).elements()).first
    let clipped = elements.map { element in
      min(max(element, least ?? -.infinity), largest ?? .infinity)
    }
    guard try !input(0).elementType.isFloatingPoint else { return .reals(clipped) }
    return try integers(clipped)
  }

  /// The elements as real numbers, where the number of examples is in none.
  func numbers(_ elements: ONNXElements) throws(ONNXError) -> [Double] {
    switch elements {
    case .reals(let reals): return reals
    case .integers(let integers):
      guard let numbers = integers.numbers else { throw dependsOnBatch() }
      // Beyond 2⁵³ a real number would be another integer.
      guard numbers.allSatisfy({ $0.magnitude <= 1 << 53 }) else {
        throw malformed("computes with an integer that is too large")
      }
      return numbers.map(Double.init)
    }
  }

  /// Real numbers as integers, which is rounding towards 0.
  func integers(_ reals: [Double]) throws(ONNXError) -> ONNXElements {
    let integers = reals.compactMap { Int(exactly: $0.rounded(.towardZero)) }
    guard integers.count == reals.count, integers.allSatisfy({ $0.magnitude <= 1 << 53 }) else {
      throw malformed("computes an integer that is too large")
    }
    return .integers(integers.map(ONNXExtent.number))
  }
}

extension ONNXExtent {
  /// −1, 0 or 1.
  fileprivate var sign: ONNXExtent? {
    switch self {
    case .number(let number), .batches(let number): .number(number.signum())
    }
  }
}
