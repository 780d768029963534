/// Comparisons and choices of constants, and their conversion to another type.
extension OperatorCall {
  /// Truth values of comparisons, as 0 and 1.
  func foldedComparison(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    switch (try broadcastElements(0, to: shape), try broadcastElements(1, to: shape)) {
    case (.reals(let one), .reals(let other)):
      return .integers(zip(one, other).map { Self.truth(compared($0, $1)) })
    case (.integers(let one), .integers(let other)):
      var result: [ONNXExtent] = []
      for (left, right) in zip(one, other) {
        guard let holds = compared(left, right) else { throw dependsOnBatch() }
        result.append(Self.truth(holds))
      }
      return .integers(result)
    default: throw malformed("compares integers and real numbers")
    }
  }

  private static func truth(_ holds: Bool) -> ONNXExtent { .number(holds ? 1 : 0) }

  private func compared(_ one: Double, _ other: Double) -> Bool {
    switch node.operatorType {
    case "Equal": one == other
    case "Less": one < other
    case "Greater": one > other
    case "LessOrEqual": one <= other
    default: one >= other
    }
  }

  private func compared(_ one: ONNXExtent, _ other: ONNXExtent) -> Bool? {
    switch node.operatorType {
    case "Equal": one.isEqual(to: other)
    case "Less": one.isLess(than: other)
    case "Greater": other.isLess(than: one)
    case "LessOrEqual": other.isLess(than: one).map { !$0 }
    default: one.isLess(than: other).map { !$0 }
    }
  }

  /// Truth values of truth values.
  func foldedLogic(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    let one = try truths(0, shape)
    guard inputs.count == 2 else { return .integers(one.map { Self.truth(!$0) }) }
    let joined = zip(one, try truths(1, shape)).map { one, other in
      switch node.operatorType {
      case "And": one && other
      case "Or": one || other
      default: one != other
      }
    }
    return .integers(joined.map(Self.truth))
  }

  private func truths(_ index: Int, _ shape: [Int]) throws(ONNXError) -> [Bool] {
    guard case .integers(let integers) = try broadcastElements(index, to: shape) else {
      throw malformed("reads real numbers, where truth values belong")
    }
    return integers.map { $0 != .number(0) }
  }

  /// Elements of one of two constants.
  func foldedWhere(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    let conditions = try truths(0, shape)
    switch (try broadcastElements(1, to: shape), try broadcastElements(2, to: shape)) {
    case (.reals(let one), .reals(let other)):
      return .reals(conditions.indices.map { conditions[$0] ? one[$0] : other[$0] })
    case (.integers(let one), .integers(let other)):
      return .integers(conditions.indices.map { conditions[$0] ? one[$0] : other[$0] })
    default: throw malformed("chooses between integers and real numbers")
    }
  }

  /// Elements in another type.
  func foldedCast(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    let target = try castTarget()
    let elements = try constant(0).elements()
    if target == .boolean {
      guard case .integers(let integers) = elements else {
        return .integers(try numbers(elements).map { Self.truth($0 != 0) })
      }
      return .integers(integers.map { Self.truth($0 != .number(0)) })
    }
    guard let range = target.integerRange else { return .reals(try numbers(elements)) }
    let converted =
      if case .reals(let reals) = elements { try integers(reals) } else { elements }
    guard case .integers(let integers) = converted,
      integers.allSatisfy({ $0.number.map(range.contains) ?? true })
    else { throw malformed("converts a number that \(target) cannot hold") }
    return converted
  }
}
