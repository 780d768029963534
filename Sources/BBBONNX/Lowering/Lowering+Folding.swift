import BBBNetwork

/// What scales and shifts the units of a matrix, which its weights and biases take over.
extension Lowering {
  /// (x − mean)/√(variance + ε) · scale + shift.
  mutating func foldNormalization(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    guard let scale = try reals(1, of: node), let shift = try reals(2, of: node),
      let mean = try reals(3, of: node), let variance = try reals(4, of: node)
    else { throw node.refusal("lacks its statistics", "export the file again") }
    let epsilon = Double(try node.attributes.real("epsilon", default: 1e-5))
    let factors = scale.indices.map { scale[$0] / (variance[$0] + epsilon).squareRoot() }
    let summands = shift.indices.map { shift[$0] - mean[$0] * factors[$0] }
    try fold(RowChange(factors: factors, summands: summands), as: step)
  }

  /// Sums of two values, and arithmetic of a matrix's units with constants.
  mutating func lowerArithmetic(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    guard step.reads.count == 1, let name = step.reads.first else {
      try lowerSum(step)
      return
    }
    let isFirst = node.inputs[0] == name
    guard let constant = try constant(isFirst ? 1 : 0, of: node) else {
      throw node.refusal("reads one value", "export the file again")
    }
    let value = try read(name, by: node)
    guard try exampleShape(of: step) == value.shape,
      let units = constant.unitCount(in: value.shape)
    else {
      throw node.refusal(
        "has a constant of shape \(constant.shape.map(ONNXExtent.number).text) for "
          + "a value of \(Self.shape(value.shape)), and only one number, or one for each channel, is "
          + "folded into the matrix before it yet",
        "leave it out of the network")
    }
    let numbers = try constant.reals(for: node)
    let constants = units == 1 ? Self.repeated(numbers[0], for: value.shape) : numbers
    let (ones, zeros) = (Self.repeated(1, for: value.shape), Self.repeated(0, for: value.shape))
    switch node.operatorType {
    case "Add": try fold(RowChange(factors: ones, summands: constants), as: step)
    case "Mul": try fold(RowChange(factors: constants, summands: zeros), as: step)
    case "Sub" where isFirst:
      try fold(RowChange(factors: ones, summands: constants.map(-)), as: step)
    case "Sub": try fold(RowChange(factors: ones.map(-), summands: constants), as: step)
    case "Div" where isFirst:
      try fold(RowChange(factors: constants.map { 1 / $0 }, summands: zeros), as: step)
    default:
      throw node.refusal(
        "divides by what the network computes, which is not run yet", "leave it out of the network")
    }
  }

  private static func repeated(_ number: Double, for shape: [Int]) -> [Double] {
    [Double](repeating: number, count: shape.first ?? 1)
  }

  private mutating func lowerSum(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    guard step.reads.count == 2 else {
      _ = try readOnly(step)
      return
    }
    guard node.operatorType == "Add" else {
      throw node.refusal(
        "computes with two values of the network, and only their sum (Add) is run yet",
        "replace it in the network")
    }
    let one = try read(step.reads[0], by: node)
    let other = try read(step.reads[1], by: node)
    guard one.shape == other.shape else {
      throw node.refusal(
        "adds values of \(Self.shape(one.shape)) and \(Self.shape(other.shape)), and only values of one "
          + "shape are added yet", "let the two have one shape")
    }
    try emit(.add, reading: [one.value, other.value], as: step)
  }

  /// Applies a change to the rows of the matrix that a step reads, and nothing else reads.
  private mutating func fold(_ change: RowChange, as step: LoweringStep) throws(ONNXError) {
    let name = step.reads[0]
    let input = try read(name, by: step.node)
    guard case .node(let number) = input.value, matrices[number] != nil else {
      throw step.node.refusal(
        "follows no linear layer or convolution that it could be folded into, and elsewhere it is not "
          + "run yet", "put it directly behind one, or leave it out of the network")
    }
    guard input.isUnshared, steps.isReadOnce(name) else {
      throw step.node.refusal(
        "cannot be folded into \(matrices[number]?.node.place ?? ""), whose result is read elsewhere "
          + "too, and by itself it is not run yet",
        "let nothing else read that result")
    }
    matrices[number]?.apply(change)
    try define(step, as: input.value, isUnshared: true)
  }
}

extension ONNXConstant {
  /// For how many units a constant has numbers that is broadcast to a value: 1 if it is the same for
  /// all; `nil` if it differs along another axis than that of the channels.
  fileprivate func unitCount(in example: [Int]) -> Int? {
    guard count != 1 else { return 1 }
    // The channels are the value's second axis, behind the batch; shapes are aligned at their ends.
    let axis = shape.count - example.count
    guard let channels = example.first, shape.indices.contains(axis), shape[axis] == channels,
      count == channels
    else { return nil }
    return channels
  }
}
