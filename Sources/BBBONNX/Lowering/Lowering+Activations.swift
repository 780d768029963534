import BBBNetwork

/// Functions of each element.
extension Lowering {
  /// The activation that a node is.
  ///
  /// - Returns: The activation; `nil` if the operator is none.
  /// - Throws: ``ONNXError`` naming the attribute if it has other numbers than the activation.
  func activation(_ node: ONNXNode) throws(ONNXError) -> Activation? {
    switch node.operatorType {
    case "Relu": return .relu
    case "Sigmoid": return .sigmoid
    case "Tanh": return .tanh
    case "Softplus": return .softplus
    case "HardSwish": return .hardSwish
    case "LeakyRelu":
      try node.check("alpha", is: Activation.leakySlope, default: 0.01)
      return .leakyRelu
    case "Elu":
      try node.check("alpha", is: 1, default: 1)
      return .elu
    case "Selu":
      try node.check("alpha", is: Activation.seluAlpha, default: Float(Activation.seluAlpha))
      try node.check("gamma", is: Activation.seluScale, default: Float(Activation.seluScale))
      return .selu
    case "Gelu":
      let approximation = try node.attributes.text("approximate", default: "none")
      switch approximation {
      case "none": return .gelu
      case "tanh": return .geluTanh
      default:
        throw node.refusal(
          "has the attribute \"approximate\" of \"\(approximation)\", and only none and tanh are run",
          "use one of them")
      }
    case "Clip": return try clipping(node)
    default: return nil
    }
  }

  private func clipping(_ node: ONNXNode) throws(ONNXError) -> Activation {
    let least = try reals(1, of: node)?.first ?? -.infinity
    let most = try reals(2, of: node)?.first ?? .infinity
    // Without a limit, some exporters write the largest number.
    let isUnlimited = most >= Double(Float.greatestFiniteMagnitude)
    guard least == 0, most == 6 || isUnlimited else {
      throw node.refusal(
        "holds values between \(least) and \(most), and only the limits 0 and 6 (ReLU6), or 0 alone "
          + "(ReLU), are run yet", "use one of them")
    }
    return isUnlimited ? .relu : .relu6
  }

  /// Lowers an activation, unless it ends the graph and says what the output is.
  mutating func lowerActivation(
    _ activation: Activation, as step: LoweringStep
  ) throws(ONNXError) {
    if activation == .sigmoid, steps.isOutput(step.output) {
      let input = try readOnly(step)
      if shapes[input.value.index].count == 1 {
        output = .binary
        try passOn(input, as: step)
        return
      }
    }
    try emitActivation(activation, as: step)
  }

  /// Applies an activation to what a step reads.
  mutating func emitActivation(
    _ activation: Activation, as step: LoweringStep
  ) throws(ONNXError) {
    guard let name = step.reads.first else {
      _ = try readOnly(step)
      return
    }
    let input = try read(name, by: step.node)
    try emit(.activation(activation), reading: [input.value], as: step)
  }

  /// Leaves out a softmax over classes at the end of the graph.
  mutating func leaveOutSoftmax(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readOnly(step)
    let axis = try node.attributes.integer(
      "axis", default: graph.operatorSetVersion < 13 ? 1 : -1)
    let rank = input.shape.count + 1
    let classes = input.shape.first ?? 1
    guard steps.isOutput(step.output), (axis + rank) % rank == 1,
      classes == Self.shape(input.shape).count
    else {
      throw node.refusal(
        "is not the end of the network, over classes, and elsewhere it is not run yet",
        "use a network without attention")
    }
    guard classes > 1 else {
      throw node.refusal(
        "is over a single class, of which it always makes 1", "leave it out of the network")
    }
    output = .classes
    try passOn(input, as: step)
  }

  /// Takes what a step reads for what it makes.
  mutating func passOn(_ input: LoweredValue, as step: LoweringStep) throws(ONNXError) {
    try define(
      step, as: input.value, isUnshared: input.isUnshared && steps.isReadOnce(step.reads[0]))
  }
}

extension ONNXNode {
  /// Checks that an attribute is a number, as exactly as it can hold it.
  fileprivate func check(
    _ name: String, is number: Double, default value: Float
  ) throws(ONNXError) {
    let given = try attributes.real(name, default: value)
    guard abs(Double(given) - number) <= 1e-6 * number else {
      throw refusal(
        "has the attribute \"\(name)\" of \(given), and only \(Float(number)) is run",
        "train the network with that number, or use another activation")
    }
  }
}
