import BBBTensors

/// The inputs of a graph: which must be given, which axis of each counts the examples, and which are constants by what the
/// user says.
struct GraphInputs {
  /// The inputs to give.
  let inputs: [ONNXInput]
  /// The others, by name.
  private(set) var constants: [String: ONNXConstant] = [:]
  /// The number of examples that the file was exported for; `nil` if it leaves that free, or there is no axis of them.
  let frozenBatch: Int?

  /// Reads them; older files list the initializers among them.
  ///
  /// A guess of the examples' axis that is wrong cannot pass: what joins examples is refused later.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - initializers: The constants of the file.
  ///   - options: What the user says.
  /// - Throws: ``ONNXError`` if an input's shape is not known, an axis of examples is not there, or the user speaks of what
  ///   the graph has not.
  init(
    of graph: Onnx_GraphProto, besides initializers: [String: ONNXConstant],
    _ options: ONNXInputOptions
  ) throws(ONNXError) {
    let messages = graph.input.filter { initializers[$0.name] == nil }
    guard !messages.isEmpty, Set(messages.map(\.name)).count == messages.count,
      messages.allSatisfy({ !$0.name.isEmpty })
    else {
      throw ONNXError(
        .malformed, "the graph has no inputs, or two of one name; export the network again")
    }
    let names = messages.map(\.name)
    let namedExtents = try Self.namedExtents(options, inputs: names)
    var declared: [DeclaredInput] = []
    for message in messages {
      declared.append(try DeclaredInput(message, namedExtents: namedExtents))
    }
    try Self.check(options, declared, namedExtents)
    for input in declared {
      guard let numbers = options.values[input.name] else { continue }
      constants[input.name] = try input.constant(numbers, given: options.namedShapes[input.name])
    }
    declared.removeAll { options.values[$0.name] != nil }
    guard options.shape == nil || declared.count == 1 else {
      throw ONNXError(
        .unsupported,
        "the graph has \(declared.count) inputs (\(Self.list(declared.map(\.name)))), and --input-shape does not say "
          + "which it is for; write it as NAME=SHAPE")
    }
    let axes = options.hasExamples ? Self.batchAxes(of: declared) : declared.map { _ in nil }
    var inputs: [ONNXInput] = []
    for (input, axis) in zip(declared, axes) {
      if axis == nil, options.hasExamples {
        throw ONNXError(
          .unsupported,
          "\(input.place) is a single number and has no axis of examples; give it by --input-value "
            + "\(input.name)=NUMBER, or run the graph as one example with --no-batch")
      }
      inputs.append(
        try input.input(batchAxis: axis, given: options.namedShapes[input.name] ?? options.shape))
    }
    guard !inputs.isEmpty else {
      throw ONNXError(
        .unsupported,
        "--input-value gives all inputs of the graph, so that nothing is left to run it on; leave out one"
      )
    }
    frozenBatch = try Self.frozenBatch(of: inputs)
    self.inputs = inputs
  }

  private static func list(_ names: some Sequence<String>) -> String {
    names.map { "\"\($0)\"" }.joined(separator: ", ")
  }

  /// The extents that the user gives by name, where no input has that name.
  private static func namedExtents(
    _ options: ONNXInputOptions, inputs: [String]
  ) throws(ONNXError) -> [String: Int] {
    let others = options.namedShapes.filter { !inputs.contains($0.key) }
    for (name, shape) in others.sorted(by: { $0.key < $1.key }) where shape.count != 1 {
      throw ONNXError(
        .unsupported,
        "--input-shape speaks of \"\(name)\", and the inputs are \(list(inputs)); correct the name")
    }
    return others.compactMapValues(\.first)
  }

  /// Checks that what the user names is there.
  private static func check(
    _ options: ONNXInputOptions, _ declared: [DeclaredInput], _ extents: [String: Int]
  ) throws(ONNXError) {
    let names = declared.map(\.name)
    let symbols = Set(declared.flatMap(\.symbols))
    if let unknown = extents.keys.filter({ !symbols.contains($0) }).min() {
      let known = symbols.filter { !$0.isEmpty }.sorted()
      throw ONNXError(
        .unsupported,
        "--input-shape speaks of \"\(unknown)\", and the inputs are \(list(names))"
          + (known.isEmpty ? "" : ", their extents \(list(known))") + "; correct the name")
    }
    if let unknown = options.values.keys.filter({ !names.contains($0) }).min() {
      throw ONNXError(
        .unsupported,
        "--input-value speaks of \"\(unknown)\", and the inputs are \(list(names)); correct the name"
      )
    }
  }

  /// The axis of each input that counts the examples; `nil` of a single number.
  private static func batchAxes(of inputs: [DeclaredInput]) -> [Int?] {
    // An extent of one name in all inputs is the same for all of them, as the number of examples is.
    let shared = (inputs.first?.freeSymbols ?? []).filter { symbol in
      inputs.count > 1 && inputs.allSatisfy { $0.freeAxis(called: symbol) != nil }
    }
    if let symbol = shared.first(where: { $0.lowercased().contains("batch") }) ?? shared.first {
      return inputs.map { $0.freeAxis(called: symbol) }
    }
    let first = inputs.first
    let frozen = first?.batchAxis(frozenBatch: nil).flatMap { first?.extent(along: $0) }
    return inputs.map { $0.batchAxis(frozenBatch: frozen) }
  }

  private static func frozenBatch(of inputs: [ONNXInput]) throws(ONNXError) -> Int? {
    let batches = Set(inputs.map(\.frozenBatch))
    guard batches.count == 1, let batch = batches.first else {
      throw ONNXError(
        .unsupported,
        "the inputs \(inputs.map { "\"\($0.name)\"" }.joined(separator: " and ")) are for different "
          + "numbers of examples; export the network with a free batch of each (dynamic_axes), or run it as one "
          + "example with --no-batch")
    }
    return batch
  }
}
