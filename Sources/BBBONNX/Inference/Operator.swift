/// What is known of an operator before it is called.
struct Operator: Sendable {
  /// What it makes of what it reads.
  typealias Inference = @Sendable (OperatorCall) -> () throws(ONNXError) -> [ONNXValue]
  /// What it computes, if all that it reads is constant: elements of the shape that was inferred.
  typealias Folding =
    @Sendable (OperatorCall) -> ([Int]) throws(ONNXError) -> ONNXElements

  /// How many inputs it has.
  let inputs: ClosedRange<Int>
  /// How many outputs may be used.
  let outputs: ClosedRange<Int>
  /// The attributes that are read; any other is refused.
  let attributes: Set<String>
  /// The version of the operators that has it first, as far as that is later than the oldest read.
  let since: Int
  let inference: Inference
  let folding: Folding?

  init(
    inputs: ClosedRange<Int>, outputs: ClosedRange<Int> = 1...1, attributes: Set<String> = [],
    since: Int = 11, folding: Folding? = nil, _ inference: @escaping Inference
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
    self.since = since
    self.inference = inference
    self.folding = folding
  }

  /// All operators that are read, by name.
  static let all: [String: Operator] = [
    elementwise, comparisons, convolutions, products, normalizations, pools, reductions, layouts,
    selections, borders, recurrences, sources,
  ].reduce(into: [:]) { all, group in all.merge(group) { $1 } }

  /// The operator of a node.
  ///
  /// - Throws: ``ONNXError`` if it is not read, or is given what it does not know.
  static func named(by call: OperatorCall) throws(ONNXError) -> Operator {
    let node = call.node
    guard let found = all[node.operatorType] else {
      throw call.unsupported(
        "is an operator that is not read",
        "replace it in the network by operators of ONNX that are, and export it again")
    }
    guard call.operatorSetVersion >= found.since else {
      throw call.malformed(
        "exists from version \(found.since) of the operators on, and the file uses version "
          + "\(call.operatorSetVersion)")
    }
    if let name = node.attributes.names.first(where: { !found.attributes.contains($0) }) {
      throw call.unsupported(
        "has the attribute \"\(name)\", which is not read",
        "export the network without it, or with another version of the operators (opset_version=20)"
      )
    }
    if let name = node.branches.keys.min() {
      throw call.malformed("has a graph as its attribute \"\(name)\"")
    }
    guard
      found.inputs.contains(node.inputs.count)
        || node.inputs.count > found.inputs.upperBound
          && node.inputs[found.inputs.upperBound...].allSatisfy(\.isEmpty)
    else { throw call.malformed("has \(node.inputs.count) inputs") }
    for index in 0..<found.inputs.lowerBound { _ = try call.input(index) }
    if let output = node.outputs.dropFirst(found.outputs.upperBound).first(where: { !$0.isEmpty }) {
      throw call.unsupported(
        "makes \"\(output)\" as a further output, which is not supported",
        "export the network for inference (call eval() first)")
    }
    return found
  }
}
