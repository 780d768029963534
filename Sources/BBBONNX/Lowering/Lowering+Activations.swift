import BBBNetwork

/// Functions of each element.
extension Lowering {
  /// The activation that a node is.
  ///
  /// - Returns: The activation; `nil` if the operator is none, or one with other numbers.
  /// - Throws: ``ONNXError`` naming the attribute if it is told what is not run.
  func activation(_ node: ONNXNode) throws(ONNXError) -> Activation? {
    switch node.operatorType {
    case "Relu": return .relu
    case "Sigmoid": return .sigmoid
    case "Tanh": return .tanh
    case "Softplus": return .softplus
    case "HardSwish": return .hardSwish
    case "LeakyRelu":
      let slope = try node.attributes.real("alpha", default: 0.01)
      return abs(Double(slope) - Activation.leakySlope) <= 1e-6 * Activation.leakySlope
        ? .leakyRelu : nil
    case "Elu":
      return try node.attributes.real("alpha", default: 1) == 1 ? .elu : nil
    case "Selu":
      let alpha = Double(
        try node.attributes.real("alpha", default: Float(Activation.seluAlpha)))
      let gamma = Double(
        try node.attributes.real("gamma", default: Float(Activation.seluScale)))
      return abs(alpha - Activation.seluAlpha) <= 1e-6 && abs(gamma - Activation.seluScale) <= 1e-6
        ? .selu : nil
    case "Exp": return .exponential
    case "Log": return .logarithm
    case "Sqrt": return .squareRoot
    case "Erf": return .errorFunction
    case "Abs": return .absolute
    case "Sign": return .sign
    case "Floor": return .floor
    case "Ceil": return .ceiling
    case "Round": return .round
    case "Sin": return .sine
    case "Cos": return .cosine
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
    default: return nil
    }
  }

  /// Lowers an activation, unless it ends the graph and says what the output is.
  mutating func lowerActivation(
    _ activation: Activation, as step: LoweringStep
  ) throws(ONNXError) {
    if activation == .sigmoid, endsGraph(step) {
      let input = try readFirst(step)
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
    // Of a function of several nodes the first input may be another.
    var input =
      if let name = step.reads.first {
        try read(name, by: step.node)
      } else {
        try readFirst(step)
      }
    input.value = try append(.activation(activation), reading: [input.value], for: step.node)
    try define(step.output, as: input, step.node)
  }

  /// Whether a step ends the graph, and is to be told as what the outputs are.
  func endsGraph(_ step: LoweringStep) -> Bool {
    !keepsEnd && steps.isOutput(step.output)
  }

  /// Takes what a step reads for what it makes.
  mutating func passOn(_ input: LoweredValue, as step: LoweringStep) throws(ONNXError) {
    try define(step.output, as: input, step.node)
  }
}
