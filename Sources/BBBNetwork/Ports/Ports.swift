/// What a model takes and gives by name: the parts of its network's one input, and of its one output, in order.
///
/// The network's input is the numbers of all inputs of an example, one behind the other; its output those of all outputs.
public struct Ports: Hashable, Sendable {
  /// What it takes.
  public let inputs: [Port]
  /// What it gives.
  public let outputs: [Port]

  /// Creates ports.
  ///
  /// - Parameters:
  ///   - inputs: What the model takes, at least one.
  ///   - outputs: What it gives, at least one.
  public init(inputs: [Port], outputs: [Port]) {
    self.inputs = inputs
    self.outputs = outputs
  }

  /// The ports of a network of which nothing more is known: `input` and `output`, the examples along the first axis.
  ///
  /// - Parameter network: The network.
  public init(of network: Network) {
    inputs = [Port(name: "input", shape: network.input.extents)]
    outputs = [Port(name: "output", shape: network.shape(of: network.output).extents)]
  }

  /// Why a network cannot have these ports, as a clause; `nil` if it can.
  ///
  /// - Parameters:
  ///   - inputCount: The network's inputs.
  ///   - outputCount: Its outputs.
  /// - Returns: What does not fit.
  public func obstacle(inputCount: Int, outputCount: Int) -> String? {
    for (ports, count, what) in [
      (inputs, inputCount, "inputs"), (outputs, outputCount, "outputs"),
    ] {
      guard Set(ports.map(\.name)).count == ports.count, !ports.isEmpty else {
        return "there are no \(what), or two of one name"
      }
      guard ports.reduce(0, { $0 + $1.count }) == count else {
        return
          "the named \(what) have \(ports.reduce(0) { $0 + $1.count }) numbers, and the network \(count)"
      }
    }
    guard Set(inputs.map { $0.exampleAxis == nil }).count == 1 else {
      return "some inputs have an axis of examples, and some have none"
    }
    return nil
  }

  /// Whether the inputs have no axis of examples: what they hold together is one example.
  public var areOfOneExample: Bool { inputs.allSatisfy { $0.exampleAxis == nil } }

  /// Whether bytes are numbers like others, and no pixels: where an input holds integers, or there are several.
  public var areNumbers: Bool { inputs.count > 1 || inputs.contains(where: \.holdsIntegers) }

  // MARK: Running by name

  /// Puts arrays together as examples of the network's input.
  ///
  /// - Parameter arrays: An array for each input, by name; all of as many examples.
  /// - Returns: The examples' numbers, one example behind the other, and how many examples they are.
  /// - Throws: ``NetworkError`` naming the input that is missing, unknown, or of another shape.
  public func joined(
    _ arrays: [String: PortArray]
  ) throws(NetworkError) -> (elements: [Float], exampleCount: Int) {
    try Self.check(arrays.keys, are: inputs, "input")
    var parts: [[Float]] = []
    var count: (number: Int, of: String)?
    for port in inputs {
      guard let array = arrays[port.name] else { continue }
      guard let own = port.exampleCount(ofArray: array.shape) else {
        throw NetworkError(.mismatched, port.mismatch(array.shape))
      }
      if let count, count.number != own {
        throw NetworkError(
          .mismatched,
          "the input \"\(count.of)\" has \(count.number) examples, and \"\(port.name)\" has \(own); give all inputs of each "
            + "example")
      }
      count = (own, port.name)
      parts.append(port.examplesFirst(array.elements, exampleCount: own))
    }
    let exampleCount = count?.number ?? 0
    guard parts.count > 1 else { return (parts.first ?? [], exampleCount) }
    var elements: [Float] = []
    elements.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for example in 0..<exampleCount {
      for (port, part) in zip(inputs, parts) {
        elements += part[example * port.count..<(example + 1) * port.count]
      }
    }
    return (elements, exampleCount)
  }

  /// Takes the network's outputs apart.
  ///
  /// - Parameters:
  ///   - elements: The outputs, one example behind the other.
  ///   - exampleCount: How many examples there are.
  /// - Returns: An array for each output, by name.
  /// - Precondition: There are as many numbers as the examples have.
  public func separated(_ elements: [Float], exampleCount: Int) -> [String: PortArray] {
    let width = outputs.reduce(0) { $0 + $1.count }
    precondition(elements.count == exampleCount * width, "the outputs of whole examples")
    var arrays: [String: PortArray] = [:]
    var start = 0
    for port in outputs {
      var part: [Float] = []
      part.reserveCapacity(exampleCount * port.count)
      for example in 0..<exampleCount {
        part += elements[example * width + start..<example * width + start + port.count]
      }
      start += port.count
      arrays[port.name] = port.array(ofExamples: part, exampleCount: exampleCount)
    }
    return arrays
  }

  /// Checks that names are those of ports, each of them.
  ///
  /// - Parameters:
  ///   - names: The names that were given.
  ///   - ports: The ports that there are.
  ///   - what: What they are: `input`, `output`.
  /// - Throws: ``NetworkError`` naming what is missing or unknown, and listing what there is.
  public static func check(
    _ names: some Collection<String>, are ports: [Port], _ what: String
  ) throws(NetworkError) {
    let known = "the \(what)s are \(list(ports))"
    if let unknown = names.filter({ name in !ports.contains { $0.name == name } }).min() {
      throw NetworkError(.mismatched, "there is no \(what) called \"\(unknown)\"; \(known)")
    }
    if let missing = ports.first(where: { !names.contains($0.name) }) {
      throw NetworkError(
        .mismatched, "the \(what) \"\(missing.name)\" is missing; \(known), and each must be given")
    }
  }

  /// The names and shapes of ports, for messages: `"state" (2×N×128)`.
  ///
  /// - Parameter ports: The ports.
  /// - Returns: All of them, with commas between.
  public static func list(_ ports: [Port]) -> String {
    ports.map { "\"\($0.name)\" (\($0.shapeText))" }.joined(separator: ", ")
  }
}

extension Port {
  /// What is wrong with an array of another shape, and the remedy.
  ///
  /// - Parameter arrayShape: The array's extents.
  /// - Returns: A sentence.
  public func mismatch(_ arrayShape: [Int]) -> String {
    let given = arrayShape.isEmpty ? "scalar" : arrayShape.map(String.init).joined(separator: "×")
    return "the input \"\(name)\" is \(shapeText)"
      + (exampleAxis == nil ? "" : ", N of them the examples,")
      + " and the array given is \(given); give it in that shape"
  }
}
