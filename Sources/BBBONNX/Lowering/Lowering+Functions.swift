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
    case "Neg": result = try negated(try readFirst(step), node)
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
      let negative = try combined(
        .multiply, try applying(.minimum, to: value, 0, node), withInput: 1, of: node)
      result = try combined(.add, try applied(.relu, to: value, node), negative, node)
    case "Elu":
      result = try exponentialUnit(
        try readFirst(step), alpha: Double(try node.attributes.real("alpha", default: 1)), node)
    case "Selu":
      let alpha = try node.attributes.real("alpha", default: Float(Activation.seluAlpha))
      let gamma = try node.attributes.real("gamma", default: Float(Activation.seluScale))
      let unit = try exponentialUnit(try readFirst(step), alpha: Double(alpha), node)
      result = try applying(.multiply, to: unit, Double(gamma), node)
    case "Celu": result = try continuousUnit(step)
    case "ThresholdedRelu":
      let value = try readFirst(step)
      let threshold = Double(try node.attributes.real("alpha", default: 1))
      let isAbove = try applying(.less, to: value, threshold, isFirst: false, node)
      result = try combined(.select, value, isAbove, node)
    case "Shrink": result = try shrunk(step)
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
      let magnitude = try applied(.absolute, to: value, node)
      result = try combined(.divide, value, try applying(.add, to: magnitude, 1, node), node)
    default: return false
    }
    try define(step.output, as: result, node)
    return true
  }

  /// x where positive, else α(eˣ − 1).
  private mutating func exponentialUnit(
    _ value: LoweredValue, alpha: Double, _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    let negative = try applied(.elu, to: try applying(.minimum, to: value, 0, node), node)
    return try combined(
      .add, try applied(.relu, to: value, node),
      try applying(.multiply, to: negative, alpha, node), node)
  }

  /// x where positive, else α(exp(x/α) − 1).
  private mutating func continuousUnit(_ step: LoweringStep) throws(ONNXError) -> LoweredValue {
    let node = step.node
    let alpha = Double(try node.attributes.real("alpha", default: 1))
    guard alpha > 0 else {
      throw node.refusal(
        "has the attribute \"alpha\" of \(alpha), and only positive numbers are run", "use one")
    }
    let scaled = try applying(.divide, to: try readFirst(step), alpha, node)
    return try applying(.multiply, to: try applied(.elu, to: scaled, node), alpha, node)
  }

  /// x + bias below −λ, x − bias above λ, 0 between.
  private mutating func shrunk(_ step: LoweringStep) throws(ONNXError) -> LoweredValue {
    let node = step.node
    let value = try readFirst(step)
    let limit = Double(try node.attributes.real("lambd", default: 0.5))
    let bias = Double(try node.attributes.real("bias", default: 0))
    let low = try combined(
      .select, try applying(.add, to: value, bias, node),
      try applying(.less, to: value, -limit, node), node)
    let high = try combined(
      .select, try applying(.subtract, to: value, bias, node),
      try applying(.less, to: value, limit, isFirst: false, node), node)
    return try combined(.add, low, high, node)
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
    guard node.inputs.count == 2, let base = node.inputs[0], let exponent = node.inputs[1],
      graph.constants[base] == nil, let constant = graph.constants[exponent], constant.count == 1,
      constant.shape.count <= graph.values[base]?.shape.count ?? 0
    else { return try computed(.power, 0, 1, of: node) }
    let value = try readFirst(step)
    // Without a power where products do.
    switch try constant.reals(for: node)[0] {
    case 1: return value
    case 2: return try combined(.multiply, value, value, node)
    case 3:
      return try combined(.multiply, try combined(.multiply, value, value, node), value, node)
    case -1: return try applying(.divide, to: value, 1, isFirst: false, node)
    case 0.5: return try applied(.squareRoot, to: value, node)
    case -0.5:
      let root = try applied(.squareRoot, to: value, node)
      return try applying(.divide, to: root, 1, isFirst: false, node)
    default: return try computed(.power, 0, 1, of: node)
    }
  }

  /// A sum or mean, or the smallest or largest, of several values.
  mutating func lowerSeveral(
    _ arithmetic: Arithmetic, _ step: LoweringStep
  ) throws(ONNXError) {
    let node = step.node
    var result = try readFirst(step)
    for index in node.inputs.indices.dropFirst() {
      result = try combined(arithmetic, result, withInput: index, of: node)
    }
    if node.operatorType == "Mean" {
      result = try applying(.divide, to: result, Double(node.inputs.count), node)
    }
    try define(step.output, as: result, node)
  }

  // MARK: Parts of functions

  /// An activation of a value.
  mutating func applied(
    _ activation: Activation, to value: LoweredValue, _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    var result = value
    result.value = try append(.activation(activation), reading: [value.value], for: node)
    return result
  }

  /// Arithmetic of a value and a number.
  mutating func applying(
    _ arithmetic: Arithmetic, to value: LoweredValue, _ number: Double, isFirst: Bool = true,
    _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    try applying(arithmetic, to: value, [number], [], name: nil, isFirst: isFirst, node)
  }

  mutating func negated(
    _ value: LoweredValue, _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue { try applying(.multiply, to: value, -1, node) }

  /// Arithmetic of a value and of what a node reads, a constant perhaps.
  mutating func combined(
    _ arithmetic: Arithmetic, _ value: LoweredValue, withInput index: Int, isFirst: Bool = true,
    of node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    guard index < node.inputs.count, let name = node.inputs[index] else {
      throw node.refusal("lacks its input number \(index + 1)", "export the file again")
    }
    if let constant = graph.constants[name] {
      return try applying(
        arithmetic, to: value, try constant.reals(for: node), constant.shape,
        name: constant.tensor?.name, isFirst: isFirst, node)
    }
    let other = try read(name, by: node)
    return isFirst
      ? try combined(arithmetic, value, other, node)
      : try combined(arithmetic, other, value, node)
  }

  /// Arithmetic of two of what a node reads, of which one can be constant.
  mutating func computed(
    _ arithmetic: Arithmetic, _ one: Int, _ other: Int, of node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    // The constant is held as the other value is.
    let isFirst = !isConstant(one, of: node) || isConstant(other, of: node)
    let (leader, follower) = isFirst ? (one, other) : (other, one)
    return try combined(
      arithmetic, try readInput(leader, of: node), withInput: follower, isFirst: isFirst, of: node)
  }

  /// Whether what a node reads as one of its inputs is constant.
  func isConstant(_ index: Int, of node: ONNXNode) -> Bool {
    index < node.inputs.count && node.inputs[index].map { graph.constants[$0] != nil } ?? false
  }

  /// The value that a node reads as one of its inputs, a constant perhaps.
  mutating func readInput(_ index: Int, of node: ONNXNode) throws(ONNXError) -> LoweredValue {
    guard index < node.inputs.count, let name = node.inputs[index] else {
      throw node.refusal("lacks its input number \(index + 1)", "export the file again")
    }
    return try read(name, by: node)
  }
}
