/// Nodes that are gone once a graph is read.
extension GraphBuilder {
  /// The constant that a node holds.
  func constant(_ call: OperatorCall) throws(ONNXError) -> ONNXConstant {
    guard call.attributes.names.count == 1, let name = call.attributes.names.first,
      let attribute = call.attributes[name], let output = call.node.outputs.first,
      call.node.branches.isEmpty
    else { throw call.malformed("does not hold one constant") }
    switch (name, attribute) {
    case ("value", .tensor(let tensor)), ("sparse_value", .tensor(let tensor)):
      // Under the name that other nodes know it by.
      return ONNXConstant(
        ONNXTensor(
          name: output, elementType: tensor.elementType, shape: tensor.shape, count: tensor.count,
          content: tensor.content))
    case ("value_int", .integer(let integer)): return Self.constant([integer], shape: [])
    case ("value_ints", .integers(let integers)):
      return Self.constant(integers, shape: [integers.count])
    case ("value_float", .real(let real)): return Self.constant([real], shape: [])
    case ("value_floats", .reals(let reals)): return Self.constant(reals, shape: [reals.count])
    default:
      throw call.unsupported(
        "holds a constant as its attribute \"\(name)\", which is not read",
        "export the network without texts")
    }
  }

  private static func constant(_ integers: [Int], shape: [Int]) -> ONNXConstant {
    ONNXConstant(
      elementType: .int64, shape: shape, elements: .integers(integers.map(ONNXExtent.number)))
  }

  private static func constant(_ reals: [Float], shape: [Int]) -> ONNXConstant {
    ONNXConstant(elementType: .float32, shape: shape, elements: .reals(reals.map(Double.init)))
  }

  /// Checks that a dropout only passes its input on.
  func checkInference(_ call: OperatorCall) throws(ONNXError) {
    if let mode = call.optionalInput(2) {
      guard mode.constant != nil, try call.constantNumbers(2) == [0] else {
        throw Refusals.samples(call.node)
      }
    }
    if let mask = call.node.outputs.dropFirst().first(where: { !$0.isEmpty }) {
      throw call.unsupported(
        "makes the mask \"\(mask)\"", "call eval() before the network is exported")
    }
  }

  /// Evaluates the branch that a constant condition chooses, as if it stood in the place of the node.
  mutating func evaluateBranch(_ call: OperatorCall) throws(ONNXError) {
    guard try call.input(0).constant != nil, let condition = try call.constantNumbers(0),
      condition.count == 1
    else {
      throw call.unsupported(
        "chooses by what the network computes, and only constant conditions are supported",
        "export the network without branches that depend on its input, or make the input that they depend on a constant with "
          + "--input-value")
    }
    let name = condition[0] != 0 ? "then_branch" : "else_branch"
    guard let branch = call.node.branches[name],
      branch.graph.output.count == call.node.outputs.count, branch.graph.input.isEmpty,
      branch.graph.sparseInitializer.isEmpty
    else { throw call.malformed("has no \"\(name)\" that makes its outputs") }
    let prefix = "\(call.node.outputs.first ?? "")/\(name)/"
    let scope = branch.scope.branch(prefix: prefix, locals: branch.graph.localNames)
    for initializer in branch.graph.initializer {
      let name = scope.name(initializer.name)
      let tensor = try ONNXTensor(
        initializer, name: name, externalData: &flattening.externalData)
      guard known[name] == nil else {
        throw call.malformed("has the initializer \"\(name)\" twice")
      }
      define(name, as: ONNXConstant(tensor))
    }
    let outputs = branch.graph.output.map { scope.name($0.name) }
    try evaluate(branch.graph.node, scope: scope, for: outputs)
    for (output, value) in zip(call.node.outputs, outputs) {
      guard known[resolved(value)] != nil else {
        throw call.malformed("makes \"\(output)\" of \"\(value)\", which is not there")
      }
      alias(output, to: value)
    }
  }
}

extension OperatorCall {
  /// What `Shape` and `Size` tell of a value, whether or not its elements are known; `nil` for others.
  func extentElements() throws(ONNXError) -> [ONNXExtent]? {
    switch node.operatorType {
    case "Shape": return try shapePart()
    case "Size":
      guard let count = try input(0).shape.product else { throw dependsOnBatch() }
      return [count]
    default: return nil
    }
  }
}
