import BBBNetwork

/// What several nodes of a graph are together.
enum GraphFunction {
  case activation(Activation)
  /// Normalisation over axes of the graph's value, with ε.
  case normalisation(axes: [Int], epsilon: Double)
  /// The maximum of windows over a value around which nothing is: elements so small that none is smaller, before and behind each
  /// position.
  case paddedMaximum([(before: Int, after: Int)])
}

/// Finds functions that exporters write as several nodes.
struct GraphPatterns {
  private let graph: ONNXGraph
  /// The nodes that make values, by the values' names.
  private let makers: [String: ONNXNode]

  init(_ graph: ONNXGraph) {
    self.graph = graph
    makers = graph.nodes.reduce(into: [:]) { makers, node in
      for output in node.outputs.compactMap(\.self) { makers[output] = node }
    }
  }

  /// The function that a node completes, and the value that the function is of.
  ///
  /// - Parameter node: The last of the nodes that make the function.
  /// - Returns: The function and its argument's name; `nil` if the node completes none.
  /// - Throws: ``ONNXError`` if an attribute is of another type.
  func function(endingIn node: ONNXNode) throws(ONNXError) -> (GraphFunction, of: String)? {
    if let (axes, epsilon, argument) = try normalisation(endingIn: node) {
      return (.normalisation(axes: axes, epsilon: epsilon), argument)
    }
    if let (pads, argument) = try paddedMaximum(endingIn: node) {
      return (.paddedMaximum(pads), argument)
    }
    return try activation(endingIn: node).map { (.activation($0), $1) }
  }

  private func activation(
    endingIn node: ONNXNode
  ) throws(ONNXError) -> (Activation, of: String)? {
    guard node.operatorType == "Mul", let output = node.outputs.first, let output else {
      return nil
    }
    for (argument, gate) in orders(node) {
      guard graph.values[argument]?.shape == graph.values[output]?.shape else { continue }
      if operand(of: gate, "Sigmoid") == argument { return (.silu, argument) }
      if try isHardSigmoid(gate, of: argument) { return (.hardSwish, argument) }
    }
    for (argument, gate, half) in threeFactors(node) {
      guard graph.values[argument]?.shape == graph.values[output]?.shape,
        try isScalar(half, 0.5)
      else { continue }
      if try isNormalGate(gate, of: argument) { return (.gelu, argument) }
    }
    return nil
  }

  /// A quotient (x − mean)/√(variance + ε), as layer normalisation is written before version 17 of the operators.
  private func normalisation(
    endingIn node: ONNXNode
  ) throws(ONNXError) -> (axes: [Int], epsilon: Double, of: String)? {
    guard node.operatorType == "Div", let difference = node.inputs[0], let root = node.inputs[1],
      let subtraction = maker(of: difference, "Sub"), let argument = subtraction.inputs[0],
      let mean = subtraction.inputs[1].flatMap({ maker(of: $0, "ReduceMean") }),
      mean.inputs[0] == argument, let under = operand(of: root, "Sqrt"),
      let sum = maker(of: under, "Add")
    else { return nil }
    for (variance, constant) in orders(sum) {
      guard let epsilon = try scalar(constant), let average = maker(of: variance, "ReduceMean"),
        let square = average.inputs[0], try isSquare(square, of: difference)
      else { continue }
      let axes = try graph.reducedAxes(of: mean)
      // Kept axes of one element, so that the difference is taken along these.
      guard try graph.reducedAxes(of: average) == axes, !axes.isEmpty, epsilon > 0,
        graph.values[argument]?.shape.count == graph.values[variance]?.shape.count
      else { continue }
      return (axes, epsilon, argument)
    }
    return nil
  }

  /// A maximum that reads what is padded with −∞, or the most negative number, since its own padding may not be as wide.
  private func paddedMaximum(
    endingIn node: ONNXNode
  ) throws(ONNXError) -> ([(before: Int, after: Int)], of: String)? {
    guard node.operatorType == "MaxPool", let padded = node.inputs[0],
      let padding = maker(of: padded, "Pad"), let argument = padding.inputs[0],
      padding.inputs.count > 2, let name = padding.inputs[2],
      let number = try scalar(name),
      number <= -Double(Float.greatestFiniteMagnitude),
      try padding.attributes.text("mode", default: "constant") == "constant"
    else { return nil }
    let pads = try graph.pads(of: padding)
    guard pads.prefix(2).allSatisfy({ $0 == (0, 0) }),
      pads.allSatisfy({ min($0.before, $0.after) >= 0 })
    else { return nil }
    return (Array(pads.dropFirst(2)), argument)
  }

  private func isSquare(_ name: String, of argument: String) throws(ONNXError) -> Bool {
    if let product = maker(of: name, "Mul") { return product.inputs == [argument, argument] }
    guard let power = maker(of: name, "Pow"), power.inputs[0] == argument,
      let exponent = power.inputs[1]
    else { return false }
    return try scalar(exponent) == 2
  }

  /// Whether a value is 1 + erf(x/√2), twice the normal distribution function of a value x.
  private func isNormalGate(_ name: String, of argument: String) throws(ONNXError) -> Bool {
    guard let sum = maker(of: name, "Add") else { return false }
    for (error, one) in orders(sum) where try isScalar(one, 1) {
      guard let scaled = operand(of: error, "Erf") else { continue }
      let root = 2.0.squareRoot()
      if let quotient = maker(of: scaled, "Div"), quotient.inputs[0] == argument,
        let divisor = quotient.inputs[1], try isScalar(divisor, root)
      {
        return true
      }
      guard let product = maker(of: scaled, "Mul") else { continue }
      for (factor, other) in orders(product) where factor == argument {
        if try isScalar(other, 1 / root) { return true }
      }
    }
    return false
  }

  /// Whether a value is min(max(x + 3, 0), 6)/6 of a value x.
  private func isHardSigmoid(_ name: String, of argument: String) throws(ONNXError) -> Bool {
    guard let node = maker(of: name, "HardSigmoid"), node.inputs[0] == argument else {
      return false
    }
    let slope = try node.attributes.real("alpha", default: 0.2)
    let offset = try node.attributes.real("beta", default: 0.5)
    return slope == Float(1.0 / 6) && offset == 0.5
  }

  // MARK: Parts of patterns

  private func maker(of name: String, _ operatorType: String) -> ONNXNode? {
    makers[name].flatMap { $0.operatorType == operatorType ? $0 : nil }
  }

  /// What an operator of one input reads to make a value.
  private func operand(of name: String, _ operatorType: String) -> String? {
    maker(of: name, operatorType)?.inputs.first.flatMap(\.self)
  }

  /// The two values that a node reads, in either order.
  private func orders(_ node: ONNXNode) -> [(String, String)] {
    let names = node.inputs.compactMap(\.self)
    return names.count == 2 ? [(names[0], names[1]), (names[1], names[0])] : []
  }

  /// The factors of a product of a product and a value, in any order.
  private func threeFactors(_ node: ONNXNode) -> [(String, String, String)] {
    orders(node).flatMap { product, third -> [(String, String, String)] in
      guard let inner = maker(of: product, "Mul") else { return [] }
      return orders(inner).flatMap { first, second in
        [(first, second, third), (first, third, second), (third, first, second)]
      }
    }
  }

  /// The number that a value is if it is a constant of one element.
  private func scalar(_ name: String) throws(ONNXError) -> Double? {
    guard let constant = graph.constants[name], constant.count == 1,
      case .reals(let reals) = try constant.elements()
    else { return nil }
    return constant.elementType == .float32 ? Double("\(Float(reals[0]))") : reals[0]
  }

  /// Whether a value is a constant of one element, which is a number as exactly as its type holds it.
  private func isScalar(_ name: String, _ number: Double) throws(ONNXError) -> Bool {
    guard let constant = graph.constants[name], constant.count == 1,
      case .reals(let reals) = try constant.elements()
    else { return false }
    let tolerance =
      switch constant.elementType {
      case .float16: 1e-3
      case .bfloat16: 8e-3
      default: 1e-6
      }
    return abs(reals[0] - number) <= number * tolerance
  }
}
