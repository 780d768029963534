import BBBNetwork

/// Makes the messages of a graph of a network: one node after another, each the operators that it needs.
struct NetworkWriter {
  /// A value as the graph has it.
  struct WrittenValue {
    /// Its name.
    var name: String
    /// Whether its first axis is that of the examples; one of a single element, where the value is the same for each.
    var isBatched: Bool
  }

  let graph: GraphNetwork
  let options: ONNXWritingOptions
  var messages = GraphMessages()
  /// By `Value.index`.
  private var values: [WrittenValue] = []
  /// The names of the weights and biases of each parameter, as kernels of some extents, once they are written.
  var parameterNames: [Int: [[Int]: [String]]] = [:]
  /// The name of a tensor that holds the number of examples, once it is known.
  private var batch: String?

  /// Prepares to write a network.
  ///
  /// - Parameters:
  ///   - graph: The network and its values.
  ///   - options: How it is written.
  init(_ graph: GraphNetwork, _ options: ONNXWritingOptions) {
    self.graph = graph
    self.options = options
  }

  /// The whole model.
  mutating func model() throws(ONNXError) -> Onnx_ModelProto {
    for port in graph.ports.inputs + graph.ports.outputs {
      guard messages.name(port.name) == port.name, !port.name.isEmpty else {
        throw ONNXError(
          .unsupported,
          "the inputs and outputs of a graph need names of their own; \"\(port.name)\" is none")
      }
    }
    values = [try input()]
    let names = graph.network.nodes.map { messages.name($0.name) }
    for (number, node) in graph.network.nodes.enumerated() {
      values.append(
        try written(
          node, as: names[number], number: number,
          reading: node.inputs.map { values[$0.index] }))
    }
    finish()
    return .with { model in
      model.irVersion = 8
      model.producerName = "bbbprune"
      model.opsetImport = [.with { $0.version = 17 }]
      model.metadataProps = metadata
      model.graph.name = "network"
      model.graph.node = messages.nodes
      model.graph.initializer = messages.initializers
      model.graph.input = graph.ports.inputs.map(Onnx_ValueInfoProto.init)
      model.graph.output = graph.ports.outputs.map(Onnx_ValueInfoProto.init)
    }
  }

  /// The operators of one node of the network.
  private mutating func written(
    _ node: Node, as name: String, number: Int, reading inputs: [WrittenValue]
  ) throws(ONNXError) -> WrittenValue {
    let shapes = node.inputs.map { graph.network.shape(of: $0) }
    let shape = graph.network.shapes[number + 1]
    guard shapes.allSatisfy({ $0.count > 0 }), shape.count > 0 else {
      throw refusal(name, "has no elements, which a graph's value must have")
    }
    var isBatched = inputs.contains(where: \.isBatched)
    switch node.operation {
    case .matrix(let matrix):
      try write(
        matrix, as: name, graph.network.parameterNumber(ofNode: number), reading: inputs[0].name)
    case .constant(let shape):
      let parameter = graph.network.parameterNumber(ofNode: number)
      return WrittenValue(
        name: messages.append(
          graph.matrices[parameter].biases ?? [], [1] + shape.extents, as: "\(name).values"),
        isBatched: false)
    case .activation(.none): return inputs[0]
    case .activation(let activation): write(activation, as: name, reading: inputs[0].name)
    case .pool(let pool): try write(pool, as: name, reading: inputs[0].name, of: shapes[0])
    case .arithmetic(let arithmetic):
      write(arithmetic, as: name, reading: inputs.map(\.name))
    case .concatenate:
      let operands = isBatched ? zip(inputs, shapes).map { batched($0, $1) } : inputs
      messages.append("Concat", operands.map(\.name), [.integer("axis", 1)], as: name)
    case .flatten:
      guard shapes[0] != shape else { return inputs[0] }
      messages.append("Flatten", [inputs[0].name], [.integer("axis", 1)], as: name)
    case .reshape:
      return reshaped(inputs[0], from: shapes[0].extents, to: shape.extents, as: name)
    case .slice(let slice):
      guard shapes[0] != shape else { return inputs[0] }
      write(slice, as: name, reading: inputs[0].name, of: shapes[0])
    case .pad(let pad):
      guard shapes[0] != shape else { return inputs[0] }
      write(pad, as: name, reading: inputs[0], of: shapes[0])
    case .gather(let gather):
      messages.append(
        "Gather", [inputs[0].name, messages.integers(gather.positions)],
        [.integer("axis", gather.axis + 1)], as: name)
    case .transpose(let transpose):
      messages.append(
        "Transpose", [inputs[0].name], [.integers("perm", [0] + transpose.order.map { $0 + 1 })],
        as: name)
    case .softmax(let softmax):
      messages.append("Softmax", [inputs[0].name], [.integer("axis", softmax.axis + 1)], as: name)
    case .normalise(let normalise):
      write(normalise, as: name, reading: inputs[0].name, of: shapes[0])
    case .product(let product):
      // Examples stand first in both, so that a constant is never taken for a matrix of weights.
      isBatched = true
      let operands = zip(inputs, shapes).map { batched($0, $1).name }
      write(product, as: name, reading: operands, of: shapes)
    }
    return WrittenValue(name: name, isBatched: isBatched)
  }

  /// The error that a node cannot be written.
  func refusal(_ name: String, _ what: String) -> ONNXError {
    ONNXError(.unsupported, "\"\(name)\" \(what); write a .bbbz instead")
  }

  /// A value with an axis of all examples, also where it is the same for each.
  mutating func batched(_ value: WrittenValue, _ shape: Shape) -> WrittenValue {
    guard !value.isBatched else { return value }
    let input = graph.ports.inputs[0]
    let axis = input.exampleAxis ?? 0
    let batch =
      batch
      ?? (input.exampleAxis == nil
        ? messages.integers([1])
        : messages.append(
          "Shape", [input.name], [.integer("start", axis), .integer("end", axis + 1)],
          as: messages.name("batch")))
    self.batch = batch
    let extents = messages.append(
      "Concat", [batch, messages.integers(shape.extents)], [.integer("axis", 0)],
      as: messages.name("\(value.name)/extents"))
    return WrittenValue(
      name: messages.append(
        "Expand", [value.name, extents], as: messages.name("\(value.name)/batch")),
      isBatched: true)
  }

  /// The same elements in another shape.
  mutating func reshaped(
    _ value: WrittenValue, from shape: [Int], to other: [Int], as name: String? = nil
  ) -> WrittenValue {
    guard shape != other else { return value }
    let name = name ?? messages.name("\(value.name)/shaped")
    // The first extent, 0, stays what it is.
    messages.append("Reshape", [value.name, messages.integers([0] + other)], as: name)
    return WrittenValue(name: name, isBatched: value.isBatched)
  }

  // MARK: The end

  /// Makes the graph's outputs of the network's.
  private mutating func finish() {
    let shape = graph.network.shape(of: graph.network.output)
    var value = batched(values[graph.network.output.index], shape)
    var extents = shape.extents
    if let function = endOperator {
      // Classes lie along one axis, or along all together.
      if !extents.contains(shape.count) {
        value = reshaped(value, from: extents, to: [shape.count])
        extents = [shape.count]
      }
      let axis = extents.firstIndex(of: shape.count) ?? 0
      value.name = messages.append(
        function, [value.name], function == "Sigmoid" ? [] : [.integer("axis", axis + 1)],
        as: messages.name(function.lowercased()))
    }
    writeOutputs(value, extents)
  }

  /// The operator that makes probabilities of the outputs, if that is asked for, and the outputs are logits.
  private var endOperator: String? {
    switch (options.output, options.outputForm) {
    case (_, .raw), (.numbers, _), (.meanAndLogVariance, _): nil
    case (.classes, .probabilities): "Softmax"
    case (.classes, .logarithms): "LogSoftmax"
    case (.binary, .probabilities), (.binary, .logarithms): "Sigmoid"
    }
  }

  // MARK: Metadata

  private var metadata: [Onnx_StringStringEntryProto] {
    let scaling = options.inputScaling
    func list(_ numbers: [Double]) -> String { numbers.map { "\($0)" }.joined(separator: ",") }
    let entries: [(String, String)] =
      [
        ("output", "\(options.output)"), ("outputs", outputSentence),
        ("inputs", inputSentence), ("input_scale", "\(scaling.factor)"),
      ] + (scaling.means.isEmpty ? [] : [("input_mean", list(scaling.means))])
      + (scaling.deviations.isEmpty ? [] : [("input_deviation", list(scaling.deviations))])
    return entries.map { key, value in
      .with {
        $0.key = key
        $0.value = value
      }
    }
  }

  private var inputSentence: String {
    """
    float32, already scaled, channels first; a byte of an image becomes \
    (byte * input_scale - input_mean) / input_deviation
    """
  }

  private var outputSentence: String {
    switch (options.output, endOperator) {
    case (.classes, nil): "logits of classes: softmax makes probabilities of them"
    case (.classes, "LogSoftmax"?): "logarithms of the classes' probabilities"
    case (.classes, _): "probabilities of classes"
    case (.binary, nil): "the logit of class 1: the sigmoid makes its probability of it"
    case (.binary, _): "the probability of class 1"
    case (.numbers, _): "numbers, one for each target"
    case (.meanAndLogVariance, _):
      "the means of the targets, then the logarithms of their variances"
    }
  }
}
