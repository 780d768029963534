import BBBTensors

/// Goes through a graph's nodes once, in order: tells the shapes of what each makes, computes what is
/// constant, and keeps the others.
struct GraphBuilder {
  let file: ONNXFile
  let frozenBatch: Int?
  private let options: ONNXInputOptions
  var flattening: NodeFlattening
  private(set) var known: [String: KnownValue] = [:]
  /// Names that only stand for another value.
  private var aliases: [String: String] = [:]
  private var nodes: [ONNXNode] = []
  private var limit = FoldingLimit()

  /// Reads the graph of a file.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - options: What the file leaves open about its inputs.
  /// - Returns: The graph.
  /// - Throws: ``ONNXError`` if it breaks a rule or holds what is not read.
  static func graph(of file: ONNXFile, options: ONNXInputOptions) throws(ONNXError) -> ONNXGraph {
    let message = file.model.graph
    var flattening = try NodeFlattening(file)
    let constants = try GraphConstants(file, externalData: &flattening.externalData).constants
    let found = try GraphInputs(of: message, besides: constants, options)
    let inputs = found.inputs
    var builder = GraphBuilder(
      file: file, frozenBatch: found.frozenBatch, options: options, flattening: flattening)
    for (name, constant) in constants { builder.known[name] = KnownValue(constant) }
    for (name, constant) in found.constants { builder.known[name] = KnownValue(constant) }
    for input in inputs { builder.known[input.name] = KnownValue(input.value) }
    let outputs = message.output.map(\.name)
    try builder.evaluate(message.node, scope: .graph, for: outputs)
    return try builder.finished(inputs: inputs, outputs: outputs)
  }

  private init(
    file: ONNXFile, frozenBatch: Int?, options: ONNXInputOptions, flattening: NodeFlattening
  ) {
    self.file = file
    self.frozenBatch = frozenBatch
    self.options = options
    self.flattening = flattening
  }

  /// The value that a name stands for in the end.
  func resolved(_ name: String) -> String { aliases[name] ?? name }

  /// Evaluates the nodes of the graph, or of a branch, that some values need.
  mutating func evaluate(
    _ messages: [Onnx_NodeProto], scope: NameScope, for outputs: [String]
  ) throws(ONNXError) {
    let flat = try flattening.flattened(messages, scope: scope)
    let order = try EvaluationOrder(flat) { known[$0] != nil || aliases[$0] != nil }
    for node in try order.sorted(for: outputs) { try evaluate(node) }
  }

  private mutating func evaluate(_ node: FlatNode) throws(ONNXError) {
    try Refusals.check(node)
    let call = OperatorCall(
      node: node, operatorSetVersion: file.operatorSetVersion, frozenBatch: frozenBatch,
      inputs: node.inputs.map { known[resolved($0)] })
    try limit.spendLists(of: call)
    switch node.operatorType {
    case "Constant": try define(node.outputs.first ?? "", as: constant(call))
    case "Identity": try pass(call)
    case "Dropout":
      try checkInference(call)
      try pass(call)
    case "If": try evaluateBranch(call)
    default: try evaluateOperator(withoutFrozenConstants(call))
    }
  }

  /// Lets the first output stand for the first input.
  private mutating func pass(_ call: OperatorCall) throws(ONNXError) {
    _ = try call.input(0)
    guard let output = call.node.outputs.first else { throw call.malformed("makes nothing") }
    alias(output, to: call.node.inputs[0])
  }

  /// Lets a name stand for a value that is known.
  mutating func alias(_ name: String, to value: String) {
    if !name.isEmpty { aliases[name] = resolved(value) }
  }

  /// Makes a constant known.
  mutating func define(_ name: String, as constant: ONNXConstant) {
    if !name.isEmpty { known[name] = KnownValue(constant) }
  }

  private mutating func evaluateOperator(_ call: OperatorCall) throws(ONNXError) {
    let found = try Operator.named(by: call)
    let values = try found.inference(call)()
    for value in values { try Self.check(value, of: call) }
    let outputs = call.node.outputs
    if let constants = try folded(call, found, values) {
      for (output, constant) in zip(outputs, constants) { define(output, as: constant) }
      return
    }
    keep(
      ONNXNode(
        name: call.node.name, operatorType: call.node.operatorType,
        inputs: call.node.inputs.map { $0.isEmpty ? nil : resolved($0) },
        outputs: outputs.map { $0.isEmpty ? nil : $0 }, attributes: call.attributes,
        metadata: call.node.metadata), making: values)
  }

  /// Keeps a node that the network needs when it runs.
  mutating func keep(_ node: ONNXNode, making values: [ONNXValue]) {
    for (output, value) in zip(node.outputs, values) {
      if let output { known[output] = KnownValue(value) }
    }
    nodes.append(node)
  }

  /// Takes a constant's elements from what may be computed.
  mutating func spend(_ constant: ONNXConstant, on call: OperatorCall) throws(ONNXError) {
    try limit.spend(constant.decodingCost, on: call)
  }

  /// The outputs as constants; `nil` if they depend on the inputs.
  private mutating func folded(
    _ call: OperatorCall, _ found: Operator, _ values: [ONNXValue]
  ) throws(ONNXError) -> [ONNXConstant]? {
    if let extents = try call.extentElements() {
      let shape = values[0].shape.compactMap(\.number)
      return [ONNXConstant(elementType: .int64, shape: shape, elements: .integers(extents))]
    }
    guard call.inputs.allSatisfy({ $0 == nil || $0?.constant != nil }) else { return nil }
    if let first = call.inputs.first??.constant, first.tensor == nil {
      try limit.spend(first.count, on: call)
    }
    if let views = try call.views(making: values) { return views }
    guard let folding = found.folding, let shape = values[0].shape.numbers else { return nil }
    for case let constant? in call.inputs.map({ $0?.constant }) {
      try spend(constant, on: call)
    }
    try limit.spend(TensorShape.elementCount(of: shape), on: call)
    let elements = try folding(call)(shape)
    return [ONNXConstant(elementType: values[0].elementType, shape: shape, elements: elements)]
  }

  /// Checks that a value can be held.
  private static func check(_ value: ONNXValue, of call: OperatorCall) throws(ONNXError) {
    let extents = value.shape.map { extent in
      switch extent {
      case .number(let number), .batches(let number): number
      }
    }
    guard extents.count <= TensorShape.dimensionLimit,
      extents.allSatisfy({ (0...ValueLimit.elementCount).contains($0) }),
      let count = TensorShape.elementCount(of: extents), count <= ValueLimit.elementCount
    else {
      throw call.unsupported(
        "makes a value of shape \(value.shape.text), which is beyond what can be computed",
        "export a smaller network")
    }
  }

  /// The graph that was built, without what nothing needs.
  private func finished(
    inputs: [ONNXInput], outputs: [String]
  ) throws(ONNXError) -> ONNXGraph {
    guard !outputs.isEmpty, Set(outputs).count == outputs.count else {
      throw ONNXError(
        .malformed, "the graph has no outputs, or two of one name; export the network again")
    }
    var needed: Set<String> = []
    for output in outputs {
      guard known[resolved(output)] != nil else {
        throw ONNXError(
          .malformed, "the output \"\(output)\" is made by nothing; export the file again")
      }
      needed.insert(resolved(output))
    }
    var kept: [ONNXNode] = []
    for node in nodes.reversed()
    where node.outputs.contains(where: { $0.map(needed.contains) ?? false }) {
      needed.formUnion(node.inputs.compactMap(\.self))
      kept.append(node)
    }
    let made = kept.flatMap(\.outputs).compactMap(\.self)
    let names = needed.union(inputs.map(\.name)).union(made)
    let values = known.filter { names.contains($0.key) }
    return ONNXGraph(
      inputs: inputs,
      outputs: outputs.map { ONNXOutput(name: $0, value: resolved($0)) },
      nodes: kept.reversed(), constants: values.compactMapValues(\.constant),
      values: values.mapValues(\.value), options: options, file: file)
  }
}
