import BBBNetwork

/// Functions that are made of activations and arithmetic.
extension Lowering {
  /// Lowers an operator that is a function of each element of what it reads.
  ///
  /// - Parameter step: The step.
  /// - Returns: Whether the operator is one that is made of others.
  /// - Throws: ``ONNXError`` if it is told what is not run.
  mutating func lowerFunction(_ step: LoweringStep) throws(ONNXError) -> Bool {
    let node = step.node
    let result: LoweredValue
    switch node.operatorType {
    case "Neg": result = try applying(.multiply, to: try readFirst(step), -1, node)
    case "Abs": result = try magnitude(try readFirst(step), node)
    case "Reciprocal":
      result = try applying(.divide, to: try readFirst(step), 1, isFirst: false, node)
    case "Pow": result = try power(step)
    case "Clip": result = try clipped(step)
    case "LeakyRelu":
      let value = try readFirst(step)
      let slope = Double(try node.attributes.real("alpha", default: 0.01))
      result = try combined(
        slope <= 1 ? .maximum : .minimum, value,
        try applying(.multiply, to: value, slope, node), node)
    case "PRelu":
      let value = try readFirst(step)
      guard let slopes = try constant(1, of: node) else {
        throw node.refusal("lacks its slopes", "export the file again")
      }
      let negative = try applying(
        .multiply, to: try applying(.minimum, to: value, 0, node), try slopes.reals(for: node),
        slopes.shape, name: slopes.tensor?.name, node)
      result = try combined(.add, try applied(.relu, to: value, node), negative, node)
    case "HardSigmoid":
      let slope = Double(try node.attributes.real("alpha", default: 0.2))
      let shift = Double(try node.attributes.real("beta", default: 0.5))
      let line = try applying(
        .add, to: try applying(.multiply, to: try readFirst(step), slope, node), shift, node)
      result = try applying(
        .maximum, to: try applying(.minimum, to: line, 1, node), 0, node)
    case "Mish":
      let value = try readFirst(step)
      let gate = try applied(.tanh, to: try applied(.softplus, to: value, node), node)
      result = try combined(.multiply, value, gate, node)
    case "Softsign":
      let value = try readFirst(step)
      result = try combined(
        .divide, value, try applying(.add, to: try magnitude(value, node), 1, node), node)
    default: return false
    }
    try define(step.output, as: result, node)
    return true
  }

  private mutating func magnitude(
    _ value: LoweredValue, _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    try combined(.maximum, value, try applying(.multiply, to: value, -1, node), node)
  }

  /// Values between two numbers, of which either may be missing.
  private mutating func clipped(_ step: LoweringStep) throws(ONNXError) -> LoweredValue {
    var value = try readFirst(step)
    let least = try reals(1, of: step.node)?.first ?? -.infinity
    let most = try reals(2, of: step.node)?.first ?? .infinity
    // Without a limit, some exporters write the largest number.
    let largest = Double(Float.greatestFiniteMagnitude)
    if least == 0, most == 6 { return try applied(.relu6, to: value, step.node) }
    if least == 0 {
      value = try applied(.relu, to: value, step.node)
    } else if least > -largest {
      value = try applying(.maximum, to: value, least, step.node)
    }
    return most < largest ? try applying(.minimum, to: value, most, step.node) : value
  }

  private mutating func power(_ step: LoweringStep) throws(ONNXError) -> LoweredValue {
    let node = step.node
    let value = try readFirst(step)
    guard let exponents = try constant(1, of: node), exponents.count == 1 else {
      throw node.refusal("has more exponents than one", "use one exponent for all elements")
    }
    switch try exponents.reals(for: node)[0] {
    case 1: return value
    case 2: return try combined(.multiply, value, value, node)
    case 3:
      return try combined(.multiply, try combined(.multiply, value, value, node), value, node)
    case -1: return try applying(.divide, to: value, 1, isFirst: false, node)
    case let exponent:
      throw node.refusal(
        "raises to the power of \(exponent), and only the powers 1, 2, 3 and -1 are run yet",
        "use one of them")
    }
  }

  /// A sum, or the smallest or largest, of several values.
  mutating func lowerSeveral(
    _ arithmetic: Arithmetic, _ step: LoweringStep
  ) throws(ONNXError) {
    let node = step.node
    let names = node.inputs.compactMap(\.self)
    guard let first = names.first else {
      throw node.refusal("reads nothing", "export the file again")
    }
    var result = try read(first, by: node)
    for name in names.dropFirst() {
      result = try combined(arithmetic, result, try read(name, by: node), node)
    }
    try define(step.output, as: result, node)
  }

  /// An activation of a value.
  private mutating func applied(
    _ activation: Activation, to value: LoweredValue, _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    var result = value
    result.value = try append(.activation(activation), reading: [value.value], for: node)
    return result
  }

  /// Arithmetic of a value and a number.
  private mutating func applying(
    _ arithmetic: Arithmetic, to value: LoweredValue, _ number: Double, isFirst: Bool = true,
    _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    try applying(arithmetic, to: value, [number], [], name: nil, isFirst: isFirst, node)
  }
}
