import BBBNetwork

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
  func function(endingIn node: ONNXNode) throws(ONNXError) -> (Activation, of: String)? {
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
