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
      let slope = try node.attributes.real("alpha", default: 0.01)
      return abs(Double(slope) - Activation.leakySlope) <= 1e-6 * Activation.leakySlope
        ? .leakyRelu : nil
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

  /// A softmax, which is left out where it ends the graph and makes classes of the outputs.
  mutating func lowerSoftmax(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readFirst(step)
    let rank = input.view.axes.count
    let isOld = graph.operatorSetVersion < 13
    let axis = (try node.attributes.integer("axis", default: isOld ? 1 : -1) + rank) % rank
    // Before version 13 all axes from this one on are one.
    guard
      !isOld
        || input.view.axes.indices.dropFirst(axis + 1).allSatisfy({ input.view.axes[$0].isEmpty })
    else {
      throw node.refusal(
        "is over several axes at once, as before version 13 of the operators",
        "export with opset_version=20")
    }
    guard !input.view.countsExamples(axis) else {
      throw node.refusal(
        "is over the examples of a batch, which are run one by one", "use another axis")
    }
    let isOverAll = shapes[input.value.index].count == input.view.extent(of: axis)
    if endsGraph(step), isOverAll {
      guard input.view.extent(of: axis) > 1 else {
        throw node.refusal(
          "is over a single class, of which it always makes 1", "leave it out of the network")
      }
      output = .classes
      try passOn(input, as: step)
      return
    }
    guard node.operatorType == "Softmax" else {
      throw node.refusal("is run at the end of a network only", "use Softmax elsewhere")
    }
    let held = input.view.heldAxes
    guard let place = held.firstIndex(of: axis) else {
      throw node.refusal(
        "is over one element, of which it always makes 1", "leave it out of the network")
    }
    var result = try hold(input, as: held.map(input.view.atoms(of:)), for: node)
    result.value = try append(.softmax(Softmax(axis: place)), reading: [result.value], for: node)
    try define(step.output, as: result, node)
  }

  /// Whether a step ends the graph, and is to be told as what the outputs are.
  private func endsGraph(_ step: LoweringStep) -> Bool {
    !keepsEnd && steps.isOutput(step.output)
  }

  /// Takes what a step reads for what it makes.
  mutating func passOn(_ input: LoweredValue, as step: LoweringStep) throws(ONNXError) {
    try define(step.output, as: input, step.node)
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
