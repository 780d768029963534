/// Operators that compute each element from those at the same place.
extension Operator {
  static let elementwise: [String: Operator] = [
    // Of one value.
    "Relu": activation(), "Sigmoid": activation(), "Tanh": activation(), "Erf": activation(),
    "Softplus": activation(), "Softsign": activation(), "Elu": activation(["alpha"]),
    "Selu": activation(["alpha", "gamma"]), "Celu": activation(["alpha"], since: 12),
    "LeakyRelu": activation(["alpha"]), "ThresholdedRelu": activation(["alpha"]),
    "HardSigmoid": activation(["alpha", "beta"]), "HardSwish": activation(since: 14),
    "Shrink": activation(["bias", "lambd"]), "Mish": activation(since: 18),
    "Gelu": activation(["approximate"], since: 20),
    "Sin": activation(), "Cos": activation(),
    "Exp": activation(folding: OperatorCall.foldedReals),
    "Log": activation(folding: OperatorCall.foldedReals),
    "Sqrt": activation(folding: OperatorCall.foldedReals),
    "Reciprocal": activation(folding: OperatorCall.foldedReals),
    "Floor": activation(folding: OperatorCall.foldedReals),
    "Ceil": activation(folding: OperatorCall.foldedReals),
    "Round": activation(folding: OperatorCall.foldedReals),
    "Abs": arithmetic(1...1), "Neg": arithmetic(1...1), "Sign": arithmetic(1...1),
    // Of several.
    "Add": arithmetic(2...2), "Sub": arithmetic(2...2), "Mul": arithmetic(2...2),
    "Div": arithmetic(2...2), "Mod": arithmetic(2...2, ["fmod"]),
    "Min": arithmetic(1...1024), "Max": arithmetic(1...1024),
    "Sum": Operator(inputs: 1...1024, OperatorCall.sameType),
    "Mean": Operator(inputs: 1...1024, OperatorCall.sameType),
    "Pow": Operator(inputs: 2...2, folding: OperatorCall.foldedPower, OperatorCall.typeOfFirst),
    "PRelu": Operator(inputs: 2...2, OperatorCall.slopes),
    "Clip": Operator(inputs: 1...3, folding: OperatorCall.foldedClip, OperatorCall.clip),
    "Where": Operator(inputs: 3...3, folding: OperatorCall.foldedWhere, OperatorCall.choice),
    // To another type.
    "Cast": Operator(
      inputs: 1...1, attributes: ["to", "saturate"], folding: OperatorCall.foldedCast,
      OperatorCall.cast),
    "CastLike": Operator(
      inputs: 2...2, attributes: ["saturate"], since: 15, folding: OperatorCall.foldedCast,
      OperatorCall.cast),
  ]

  static let comparisons: [String: Operator] = [
    "Equal": comparison(), "Less": comparison(), "Greater": comparison(),
    "LessOrEqual": comparison(since: 12), "GreaterOrEqual": comparison(since: 12),
    "And": logic(2...2), "Or": logic(2...2), "Xor": logic(2...2), "Not": logic(1...1),
  ]

  private static func activation(
    _ attributes: Set<String> = [], since: Int = 11, folding: Folding? = nil
  ) -> Operator {
    Operator(
      inputs: 1...1, attributes: attributes, since: since, folding: folding,
      OperatorCall.activation)
  }

  private static func arithmetic(
    _ inputs: ClosedRange<Int>, _ attributes: Set<String> = []
  ) -> Operator {
    Operator(
      inputs: inputs, attributes: attributes, folding: OperatorCall.foldedArithmetic,
      OperatorCall.sameType)
  }

  private static func comparison(since: Int = 11) -> Operator {
    Operator(
      inputs: 2...2, since: since, folding: OperatorCall.foldedComparison,
      OperatorCall.comparison)
  }

  private static func logic(_ inputs: ClosedRange<Int>) -> Operator {
    Operator(inputs: inputs, folding: OperatorCall.foldedLogic, OperatorCall.logic)
  }
}

extension OperatorCall {
  /// Each element of one value of real numbers.
  fileprivate func activation() throws(ONNXError) -> [ONNXValue] {
    let input = try input(0)
    guard input.elementType.isFloatingPoint else {
      throw malformed("reads \(input.elementType), where real numbers belong")
    }
    return [input.value]
  }

  /// Elements of one type, broadcast.
  fileprivate func sameType() throws(ONNXError) -> [ONNXValue] {
    [ONNXValue(try commonType(of: inputs.indices), try broadcast(inputs.map { $0?.shape ?? [] }))]
  }

  /// Elements of perhaps two types, of which the result has the first.
  fileprivate func typeOfFirst() throws(ONNXError) -> [ONNXValue] {
    [ONNXValue(try input(0).elementType, try broadcast([input(0).shape, input(1).shape]))]
  }

  /// Slopes for the elements of a value, to whose shape they are broadcast.
  fileprivate func slopes() throws(ONNXError) -> [ONNXValue] {
    let shapes = try [input(0).shape, input(1).shape]
    guard try broadcast(shapes) == shapes[0] else {
      throw malformed(
        "has slopes of shape \(shapes[1].text) for a value of shape \(shapes[0].text)")
    }
    return [ONNXValue(try commonType(of: [0, 1]), shapes[0])]
  }

  /// Elements held between two numbers.
  fileprivate func clip() throws(ONNXError) -> [ONNXValue] {
    for index in 1...2 {
      guard try constantElements(index)?.count ?? 1 == 1 else {
        throw malformed("has limits that are not single numbers")
      }
    }
    return [ONNXValue(try commonType(of: inputs.indices), try input(0).shape)]
  }

  /// Elements of one of two values.
  fileprivate func choice() throws(ONNXError) -> [ONNXValue] {
    guard try input(0).elementType == .boolean else {
      throw malformed("chooses by something other than truth values")
    }
    return [ONNXValue(try commonType(of: 1...2), try broadcast(inputs.map { $0?.shape ?? [] }))]
  }

  fileprivate func cast() throws(ONNXError) -> [ONNXValue] {
    [ONNXValue(try castTarget(), try input(0).shape)]
  }

  /// The type that elements are converted to.
  func castTarget() throws(ONNXError) -> ONNXElementType {
    if node.operatorType == "CastLike" { return try input(1).elementType }
    let code = try attributes.integer("to", default: 0)
    return try ONNXElementType(
      code: Int32(clamping: code), of: "what \(node.place) makes")
  }

  fileprivate func comparison() throws(ONNXError) -> [ONNXValue] {
    [ONNXValue(.boolean, try sameType()[0].shape)]
  }

  fileprivate func logic() throws(ONNXError) -> [ONNXValue] {
    let value = try sameType()[0]
    guard value.elementType == .boolean else {
      throw malformed("reads \(value.elementType), where truth values belong")
    }
    return [value]
  }
}
