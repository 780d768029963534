extension Network {
  /// Reads a network's text.
  ///
  /// One operation a line, or several with semicolons between; `#` begins a comment. Each reads what the line before gives, or
  /// what `from NAME` says; arithmetic and `concatenate` name all that they read. The first line is the input's shape, the
  /// last one gives the output. `784-1200-10 relu` is short for a multilayer perceptron. docs/networks.md has the grammar.
  ///
  /// - Parameter text: The text.
  /// - Throws: ``NetworkError`` naming the line, what is wrong in it, and the remedy.
  public init(text: String) throws(NetworkError) {
    var parser = NetworkParser()
    // Some editors begin a file with a mark of its encoding.
    let text = text.unicodeScalars.first == "\u{FEFF}" ? text.dropFirst() : text[...]
    for (number, line) in text.split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).enumerated() {
      let code = line.prefix { $0 != "#" }
      for statement in code.split(separator: ";") {
        let words = statement.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(String.init)
        guard !words.isEmpty else { continue }
        do throws(NetworkError) {
          try parser.read(words)
        } catch {
          throw NetworkError(
            error.code, at: "line \(number + 1)" + (error.place.isEmpty ? "" : ", \(error.place)"),
            error.message)
        }
      }
    }
    self = try parser.network()
  }
}

/// Reads the lines of a network's text, one after another.
struct NetworkParser {
  private var input: Shape?
  private var nodes: [Node] = []
  /// The shapes of the values so far.
  private var shapes: [Shape] = []
  private var numbers: [String: Int] = [:]
  /// What a shorthand stands for.
  private var whole: Network?

  /// The name that a node of a number has if the text gives it none.
  static func name(of operation: Operation, number: Int) -> String {
    "\(operation.word)\(number + 1)"
  }

  func network() throws(NetworkError) -> Network {
    if let whole { return whole }
    guard let input else {
      throw NetworkError(
        .syntax, "there is no network; begin with the input's shape, such as 'input 1 28 28'")
    }
    return try Network(input: input, nodes: nodes)
  }

  mutating func read(_ words: [String]) throws(NetworkError) {
    guard whole == nil else {
      throw NetworkError(
        .syntax, "nothing follows sizes such as 784-100-10, which are a whole network")
    }
    guard input != nil else {
      try readInput(words)
      return
    }
    var words = TextWords(words)
    let name = try words.name()
    let word = try words.next("an operation")
    let operation = try operation(word, &words)
    let inputs = try sources(operation, &words)
    try words.end()
    let node = Node(
      name ?? Self.name(of: operation, number: nodes.count), operation, reading: inputs)
    if operation.hasParameter, name == nil {
      throw NetworkError(
        .syntax,
        "\(word) has \(operation.numbers), whose name is the line's: write 'NAME = \(word) …'")
    }
    guard node.name != "input", numbers[node.name] == nil else {
      throw NetworkError(.structure, at: node.name, "another line has this name; give each its own")
    }
    do throws(NetworkError) {
      shapes.append(try operation.shape(reading: inputs.map { shapes[$0.index] }))
    } catch {
      throw NetworkError(error.code, at: node.name, error.message)
    }
    numbers[node.name] = nodes.count
    nodes.append(node)
  }

  private mutating func readInput(_ words: [String]) throws(NetworkError) {
    if words[0] != "input" {
      whole = try Shorthand.network(words)
      return
    }
    let extents = words.dropFirst().compactMap(Int.init)
    guard extents.count == words.count - 1, !extents.isEmpty,
      extents.allSatisfy({ (1...Self.largestExtent).contains($0) })
    else {
      throw NetworkError(
        .syntax,
        "the input's shape is one number for each axis, channels first, such as 'input 1 28 28'")
    }
    let shape = Shape(extents)
    try shape.checkIsCountable()
    input = shape
    shapes = [shape]
  }

  /// More units or elements along an axis than any network has.
  static let largestExtent = 1 << 24

  private func sources(_ operation: Operation, _ words: inout TextWords) throws(NetworkError)
    -> [Value]
  {
    if case .constant = operation { return [] }
    var values: [Value] = []
    if operation.readsSeveral {
      while let name = words.optional() { values.append(try value(name)) }
      return values
    }
    guard words.take("from") else { return [Value(index: nodes.count)] }
    return [try value(try words.next("the name of a line"))]
  }

  private func value(_ name: String) throws(NetworkError) -> Value {
    if name == "input" { return .input }
    guard let number = numbers[name] else {
      throw NetworkError(.structure, "no line before this one is called '\(name)'")
    }
    return .node(number)
  }

  /// The line whose weights are used, if one is named.
  private func sharing(_ words: inout TextWords) throws(NetworkError) -> Int? {
    guard words.take("sharing") else { return nil }
    let name = try words.next("the name of the line whose weights are used")
    guard case .node(let number) = try value(name),
      case .matrix(let matrix) = nodes[number].operation
    else {
      throw NetworkError(
        .structure, "'\(name)' has no weights to share; name a linear layer or a convolution")
    }
    if let owner = matrix.sharing {
      throw NetworkError(
        .structure,
        "'\(name)' uses the weights of '\(nodes[owner].name)' itself; write 'sharing \(nodes[owner].name)'"
      )
    }
    return number
  }

  private func operation(
    _ word: String, _ words: inout TextWords
  ) throws(NetworkError) -> Operation {
    switch word {
    case "linear":
      let units = try words.number("the number of units")
      let hasBias = !words.take("without-bias")
      return .matrix(Matrix(unitCount: units, hasBias: hasBias, sharing: try sharing(&words)))
    case "convolution":
      let units = try words.number("the number of units")
      let window = try words.window(strideIsExtent: false)
      let groups = words.take("groups") ? try words.number("the number of groups") : 1
      let hasBias = !words.take("without-bias")
      return .matrix(
        Matrix(
          unitCount: units, window: window, groupCount: groups, hasBias: hasBias,
          sharing: try sharing(&words)))
    case "max-pool": return .pool(Pool(.max, try words.window(strideIsExtent: true)))
    case "average-pool":
      let window = try words.window(strideIsExtent: true)
      return .pool(Pool(.average(countsPadding: words.take("counting-padding")), window))
    case "concatenate": return .concatenate
    case "flatten": return .flatten
    case "slice": return .slice(try words.slice())
    case "gather": return .gather(try words.gather())
    case "pad": return .pad(try words.pad())
    case "transpose": return .transpose(try words.transpose())
    case "reshape": return .reshape(try words.reshape())
    case "softmax": return .softmax(try words.softmax())
    case "normalise": return .normalise(try words.normalise())
    case "product": return .product(try words.product())
    case "constant": return .constant(try words.shape())
    case "identity": return .activation(.none)
    default:
      if let arithmetic = Arithmetic(rawValue: word) { return .arithmetic(arithmetic) }
      guard let activation = Activation(rawValue: word), activation != .none else {
        throw NetworkError(
          .syntax,
          "'\(word)' is no operation; there are \(Operation.words.joined(separator: ", "))")
      }
      return .activation(activation)
    }
  }
}
