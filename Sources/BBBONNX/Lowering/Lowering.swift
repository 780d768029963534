import BBBNetwork

/// A value of a graph, as a network has it.
struct LoweredValue {
  /// The network's value, of the same elements in the same order.
  var value: Value
  /// The shape of one example in the graph.
  var shape: [Int]
  /// The node that gave it this shape.
  var node: ONNXNode
  /// Whether the network's value has no other name that is read.
  var isUnshared = true
}

/// Makes a network of a graph: one node after another, the units of matrices scaled and shifted by
/// what follows them.
struct Lowering {
  let graph: ONNXGraph
  let steps: LoweringSteps
  /// What the network computes so far.
  private(set) var operations: [(operation: Operation, inputs: [Value])] = []
  /// The shape of each value of the network, by `Value.index`.
  private(set) var shapes: [Shape]
  /// The matrices, by the numbers of their operations.
  var matrices: [Int: PendingMatrix] = [:]
  /// What the graph's values are in the network, by name.
  var values: [String: LoweredValue] = [:]
  /// What the outputs are, if the graph's end says it.
  var output: OutputMeaning?
  private let outputName: String

  init(of graph: ONNXGraph) throws(ONNXError) {
    guard let input = graph.inputs.first, graph.inputs.count == 1 else {
      throw ONNXError(
        .unsupported,
        "the graph has \(graph.inputs.count) inputs (\(Self.list(graph.inputs.map(\.name)))), and "
          + "networks of one are run; export the network with its other inputs as constants")
    }
    guard let output = graph.outputs.first, graph.outputs.count == 1 else {
      throw ONNXError(
        .unsupported,
        "the graph has \(graph.outputs.count) outputs (\(Self.list(graph.outputs.map(\.name)))), and "
          + "networks of one are run; export the network so that it returns one of them")
    }
    guard input.batchAxis == 0 else {
      throw ONNXError(
        .unsupported,
        "the input \"\(input.name)\" has the examples along its axis number \(input.batchAxis + 1), "
          + "and networks that have them along the first are run; export the network with the batch "
          + "first (batch_first=True)")
    }
    guard input.elementType.isFloatingPoint else {
      throw ONNXError(
        .unsupported,
        "the input \"\(input.name)\" is of type \(input.elementType), and networks that read real "
          + "numbers are run; export the network with an input of type float32")
    }
    self.graph = graph
    steps = try LoweringSteps(to: output.value, of: graph)
    outputName = output.value
    shapes = [Self.shape(input.exampleShape)]
  }

  private static func list(_ names: [String]) -> String {
    names.map { "\"\($0)\"" }.joined(separator: ", ")
  }

  /// The shape of a value in a network, where a single number is one unit.
  static func shape(_ extents: [Int]) -> Shape { Shape(extents.isEmpty ? [1] : extents) }

  /// The whole network.
  mutating func network() throws(ONNXError) -> GraphNetwork {
    for step in steps.all { try lower(step) }
    if let last = steps.all.last { _ = try read(outputName, by: last.node) }
    guard !operations.isEmpty else {
      throw ONNXError(
        .unsupported,
        "the graph computes nothing of its input; export a network with at least one layer")
    }
    let numbers = matrices.keys.sorted()
    var values: [GraphNetwork.MatrixValues] = []
    for number in numbers {
      guard let pending = matrices[number],
        case .matrix(var matrix) = operations[number].operation
      else { continue }
      matrix.hasBias = pending.biases != nil
      operations[number].operation = .matrix(matrix)
      values.append(try pending.values())
    }
    do throws(NetworkError) {
      return GraphNetwork(
        path: graph.file.path, network: try Network(input: shapes[0], operations: operations),
        matrices: values, output: output)
    } catch {
      throw ONNXError(.unsupported, error.description)
    }
  }

  /// Where the weights of each of the network's parameters come from.
  var weightSources: [WeightSource] {
    matrices.sorted { $0.key < $1.key }.map { WeightSource(node: $1.node, constant: $1.source) }
  }

  // MARK: Values

  /// The network's value that a node reads, in the shape that the graph gives it.
  ///
  /// - Parameters:
  ///   - name: The value's name; no constant's.
  ///   - node: The node that reads it.
  /// - Returns: The value.
  /// - Throws: ``ONNXError`` if networks do not have values of that shape there.
  mutating func read(_ name: String, by node: ONNXNode) throws(ONNXError) -> LoweredValue {
    guard var lowered = values[name] ?? inputValue(name, node) else {
      throw node.refusal("reads \"\(name)\", which nothing makes", "export the file again")
    }
    let shape = shapes[lowered.value.index]
    guard shape != Self.shape(lowered.shape) else { return lowered }
    guard lowered.shape.count <= 1 else {
      throw lowered.node.refusal(
        "makes \(Shape(lowered.shape)) elements of \(shape), and of other axes only a single one is made "
          + "yet", "leave the shape as it is, or flatten the value")
    }
    lowered.value = try append(.flatten, reading: [lowered.value], for: lowered.node)
    lowered.isUnshared = true
    values[name] = lowered
    return lowered
  }

  private func inputValue(_ name: String, _ node: ONNXNode) -> LoweredValue? {
    guard graph.inputs[0].name == name else { return nil }
    return LoweredValue(value: .input, shape: graph.inputs[0].exampleShape, node: node)
  }

  /// The shape of one example of what a step makes.
  ///
  /// - Throws: ``ONNXError`` unless the examples are along its first axis.
  func exampleShape(of step: LoweringStep) throws(ONNXError) -> [Int] {
    guard let value = graph.values[step.output], !value.shape.batchAxes.isEmpty else {
      throw step.node.refusal(
        "computes of constants alone, which is not run yet",
        "export the network with constant folding (do_constant_folding=True)")
    }
    guard value.batchAxis == 0, let shape = value.exampleShape else {
      throw step.node.refusal(
        "makes a value of shape \(value.shape.text), and only values with the examples along the first "
          + "axis, alone, are run yet", "export the network with the batch first")
    }
    return shape
  }

  /// Adds an operation that makes what a step makes.
  ///
  /// - Parameters:
  ///   - operation: What it computes.
  ///   - inputs: What it reads.
  ///   - step: The step.
  /// - Throws: ``ONNXError`` naming the node if the network cannot compute it.
  mutating func emit(
    _ operation: Operation, reading inputs: [Value], as step: LoweringStep
  ) throws(ONNXError) {
    let value = try append(operation, reading: inputs, for: step.node)
    try define(step, as: value, isUnshared: true)
  }

  /// Says which of the network's values it is that a step makes.
  mutating func define(
    _ step: LoweringStep, as value: Value, isUnshared: Bool
  ) throws(ONNXError) {
    let shape = try exampleShape(of: step)
    guard Self.shape(shape).count == shapes[value.index].count else {
      throw step.node.refusal(
        "makes \(Self.shape(shape)) elements, where a network makes \(shapes[value.index])",
        "export the network again, without what makes them differ")
    }
    values[step.output] = LoweredValue(
      value: value, shape: shape, node: step.node, isUnshared: isUnshared)
  }

  private mutating func append(
    _ operation: Operation, reading inputs: [Value], for node: ONNXNode
  ) throws(ONNXError) -> Value {
    do throws(NetworkError) {
      shapes.append(try operation.shape(reading: inputs.map { shapes[$0.index] }))
    } catch {
      throw ONNXError(.unsupported, "\(node.place) cannot be run: \(error.message)")
    }
    operations.append((operation, inputs))
    return .node(operations.count - 1)
  }
}
