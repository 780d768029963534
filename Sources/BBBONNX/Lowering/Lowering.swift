import BBBNetwork

/// A value of a graph, as a network has it.
struct LoweredValue {
  /// The network's value.
  var value: Value
  /// How the graph sees its elements.
  var view: ValueView
}

/// Makes a network of a graph: one node after another, the units of matrices scaled and shifted by
/// what follows them.
struct Lowering {
  let graph: ONNXGraph
  let steps: LoweringSteps
  /// What the network computes so far.
  var operations: [(operation: Operation, inputs: [Value])] = []
  /// The shape of each value of the network, by `Value.index`.
  private(set) var shapes: [Shape]
  /// The matrices, by the numbers of their operations.
  var matrices: [Int: PendingMatrix] = [:]
  /// How many of the changes behind a matrix that several nodes multiply by may be folded into it: those that are behind it everywhere.
  var foldLimits: [MatrixIdentity: Int] = [:]
  /// The numbers of constants, by those of their operations.
  private var constants: [Int: GraphNetwork.MatrixValues] = [:]
  /// What the graph's values are in the network, by name.
  var values: [String: LoweredValue] = [:]
  /// What the graph calls each of the network's values, by `Value.index`: what changes nothing gives another name.
  private var names: [Int: Set<String>] = [:]
  /// What the outputs are, if the graph's end says it.
  var output: OutputMeaning?
  /// Whether what ends the graph is run, and not told as what the outputs are.
  let keepsEnd: Bool

  init(of graph: ONNXGraph, keepsEnd: Bool = false) throws(ONNXError) {
    self.graph = graph
    self.keepsEnd = keepsEnd
    steps = try LoweringSteps(to: graph.outputs.map(\.value), of: graph)
    shapes = [
      graph.inputs.count == 1
        ? Self.shape(graph.inputs[0].exampleShape)
        : Shape([graph.inputs.reduce(0) { $0 + $1.count }])
    ]
  }

  /// The shape of a value in a network, where a single number is one unit.
  static func shape(_ extents: [Int]) -> Shape { Shape(extents.isEmpty ? [1] : extents) }

  /// The whole network.
  mutating func network() throws(ONNXError) -> GraphNetwork {
    guard graph.inputs.contains(where: { steps.isRead($0.name) }) else {
      throw ONNXError(
        .unsupported,
        "the graph computes nothing of its input; export a network with at least one layer")
    }
    try readInputs()
    for step in steps.all { try lower(step) }
    let disagreements = disagreements
    guard disagreements.isEmpty else {
      // Once more, since what is no part of the weights becomes operations of its own.
      var again = try Lowering(of: graph, keepsEnd: keepsEnd)
      again.foldLimits = foldLimits.merging(disagreements) { min($0, $1) }
      self = again
      return try network()
    }
    let ports = try writeOutputs()
    // What are probabilities already is no logit to make them of; nor are several outputs classes together.
    if keepsEnd || graph.outputs.count > 1
      || output == nil && isProbabilities(.node(operations.count - 1))
    {
      output = .numbers(noiseDeviation: nil)
    }
    shareMatrices()
    var values: [GraphNetwork.MatrixValues] = []
    for number in operations.indices {
      if let constant = constants[number] { values.append(constant) }
      if let pending = matrices[number] { values.append(try pending.values()) }
    }
    do throws(NetworkError) {
      return GraphNetwork(
        path: graph.file.path, network: try Network(input: shapes[0], operations: operations),
        matrices: values, output: output, ports: ports)
    } catch {
      throw ONNXError(.unsupported, error.description)
    }
  }

  /// Whether a value's elements are probabilities, or shares of one, whatever their order.
  private func isProbabilities(_ value: Value) -> Bool {
    guard case .node(let number) = value else { return false }
    switch operations[number].operation {
    case .softmax, .activation(.sigmoid): return true
    case .transpose, .reshape, .flatten, .activation(.none):
      return isProbabilities(operations[number].inputs[0])
    default: return false
    }
  }

  /// Where the weights of each of the network's parameters come from; `nil` of constants.
  var weightSources: [WeightSource?] {
    operations.indices.compactMap { number -> WeightSource?? in
      if constants[number] != nil { return .some(nil) }
      return matrices[number].map { WeightSource(node: $0.node, constant: $0.source) }
    }
  }

  // MARK: Values

  /// What a node reads.
  ///
  /// - Parameters:
  ///   - name: The value's name.
  ///   - node: The node that reads it.
  /// - Returns: The value; of a constant one that holds its numbers.
  /// - Throws: ``ONNXError`` if nothing that is run makes it.
  mutating func read(_ name: String, by node: ONNXNode) throws(ONNXError) -> LoweredValue {
    if let shape = graph.values[name]?.shape, shape.contains(.number(0)) {
      throw node.refusal(
        "reads \"\(name)\", which has no elements (\(shape.text)), and that is not run",
        "leave it out of the network")
    }
    if let value = values[name] { return value }
    guard let constant = graph.constants[name] else {
      throw node.refusal(
        "reads \"\(name)\", which constants alone make, and that is not run yet",
        "export the network with constant folding (do_constant_folding=True)")
    }
    let value = LoweredValue(
      value: try append(
        constant: try constant.reals(for: node), of: constant.shape, name: constant.tensor?.name,
        for: node),
      view: ValueView(constant.shape.map(ONNXExtent.number)))
    values[name] = value
    return value
  }

  /// A value whose elements are held in some order and in some shape.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - groups: For each axis of the network's value, the atoms that it counts, the outermost first; all together.
  ///   - node: The node that reads it so.
  /// - Returns: The same value, moved if it must be.
  /// - Throws: ``ONNXError`` if a network cannot have such a value.
  mutating func hold(
    _ value: LoweredValue, as groups: [[Int]], for node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    var held = value
    let order = Array(groups.joined())
    if order != Array(value.view.atoms.indices) {
      held.value = try shape(held.value, as: value.view.atoms, for: node)
      held.value = try append(.transpose(Transpose(order)), reading: [held.value], for: node)
      held.view = value.view.holding(order)
    }
    held.value = try shape(held.value, as: groups.map(value.view.extent(of:)), for: node)
    return held
  }

  private mutating func shape(
    _ value: Value, as extents: [Int], for node: ONNXNode
  ) throws(ONNXError) -> Value {
    let extents = extents.isEmpty ? [1] : extents
    guard shapes[value.index].extents != extents else { return value }
    return try append(
      extents.count == 1 ? .flatten : .reshape(Reshape(extents)), reading: [value], for: node)
  }

  /// The shape of what a step makes.
  func shape(of step: LoweringStep) throws(ONNXError) -> [ONNXExtent] {
    guard let value = graph.values[step.output] else {
      throw step.node.refusal("makes a value of no known shape", "export the file again")
    }
    return value.shape
  }

  /// Says which of the network's values it is that a node makes.
  ///
  /// - Throws: ``ONNXError`` if the graph says that it has another shape.
  mutating func define(
    _ name: String, as value: LoweredValue, _ node: ONNXNode
  ) throws(ONNXError) {
    guard let shape = graph.values[name]?.shape, value.view.shape == shape,
      value.view.extent(of: Array(value.view.atoms.indices)) == shapes[value.value.index].count
    else {
      throw node.refusal(
        "makes \(value.view.shape.text) elements, where the graph says "
          + "\(graph.values[name]?.shape.text ?? "nothing")",
        "export the network again, without what makes them differ")
    }
    values[name] = value
    names[value.value.index, default: []].insert(name)
  }

  /// Whether one node alone reads a value, under whatever name.
  func isReadOnce(_ value: Value) -> Bool {
    names[value.index]?.allSatisfy(steps.isReadOnce) ?? false
  }

  /// Adds an operation.
  ///
  /// - Parameters:
  ///   - operation: What it computes.
  ///   - inputs: What it reads.
  ///   - node: The node that it is for.
  /// - Returns: What it gives.
  /// - Throws: ``ONNXError`` naming the node if the network cannot compute it.
  mutating func append(
    _ operation: Operation, reading inputs: [Value], for node: ONNXNode
  ) throws(ONNXError) -> Value {
    do throws(NetworkError) {
      return try append(operation, reading: inputs)
    } catch {
      throw ONNXError(.unsupported, "\(node.place) cannot be run: \(error.message)")
    }
  }

  /// Adds an operation, as above, whoever it is for.
  mutating func append(
    _ operation: Operation, reading inputs: [Value]
  ) throws(NetworkError) -> Value {
    shapes.append(try operation.shape(reading: inputs.map { shapes[$0.index] }))
    operations.append((operation, inputs))
    return .node(operations.count - 1)
  }

  /// Adds a value that holds numbers, infinite ones as the largest that are not: what masks are made of.
  mutating func append(
    constant numbers: [Double], of shape: [Int], name: String?, for node: ONNXNode
  ) throws(ONNXError) -> Value {
    let largest = Float.greatestFiniteMagnitude
    let floats = numbers.map { min(max(Float($0), -largest), largest) }
    guard !numbers.contains(where: \.isNaN) else {
      throw node.refusal(
        "reads what is no number (NaN)",
        "give the file of a network whose training did not diverge")
    }
    constants[operations.count] = GraphNetwork.MatrixValues(
      weights: [], biases: floats, names: [name, node.modulePath].compactMap(\.self))
    return try append(.constant(Self.shape(shape)), reading: [], for: node)
  }
}
