extension Network {
  /// Reads a network's text.
  ///
  /// One operation a line, or several with semicolons between; `#` begins a comment. Each reads what the line before gives, or
  /// what `from NAME` says; `add` and `concatenate` name all that they read. The first line is the input's shape, the last
  /// one gives the output. `784-1200-10 relu` is short for a multilayer perceptron. docs/networks.md has the grammar.
  ///
  /// - Parameter text: The text.
  /// - Throws: ``NetworkError`` naming the line, what is wrong in it, and the remedy.
  public init(text: String) throws(NetworkError) {
    var parser = NetworkParser()
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
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
    var words = Words(words)
    let name = try words.name()
    let word = try words.next("an operation")
    let operation = try Self.operation(word, &words)
    let inputs = try sources(operation, &words)
    try words.end()
    let node = Node(
      name ?? Self.name(of: operation, number: nodes.count), operation, reading: inputs)
    if operation.isMatrix, name == nil {
      throw NetworkError(
        .syntax, "\(word) has weights, whose name is the line's: write 'NAME = \(word) …'")
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

  private func sources(_ operation: Operation, _ words: inout Words) throws(NetworkError) -> [Value]
  {
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

  private static func operation(
    _ word: String, _ words: inout Words
  ) throws(NetworkError) -> Operation {
    switch word {
    case "linear":
      let units = try words.number("the number of units")
      return .matrix(Matrix(unitCount: units, hasBias: !words.take("without-bias")))
    case "convolution":
      let units = try words.number("the number of units")
      let window = try words.window(strideIsExtent: false)
      let groups = words.take("groups") ? try words.number("the number of groups") : 1
      return .matrix(
        Matrix(
          unitCount: units, window: window, groupCount: groups,
          hasBias: !words.take("without-bias")))
    case "max-pool": return .pool(Pool(.max, try words.window(strideIsExtent: true)))
    case "average-pool":
      let window = try words.window(strideIsExtent: true)
      return .pool(Pool(.average(countsPadding: words.take("counting-padding")), window))
    case "add": return .add
    case "concatenate": return .concatenate
    case "flatten": return .flatten
    case "identity": return .activation(.none)
    default:
      guard let activation = Activation(rawValue: word), activation != .none else {
        let words =
          ["linear", "convolution", "max-pool", "average-pool", "add", "concatenate", "flatten"]
          + Activation.allCases.filter { $0 != .none }.map(\.rawValue)
        throw NetworkError(
          .syntax, "'\(word)' is no operation; there are \(words.joined(separator: ", "))")
      }
      return .activation(activation)
    }
  }
}

/// The words of a line that are not read yet.
private struct Words {
  private var words: ArraySlice<String>

  init(_ words: [String]) { self.words = words[...] }

  /// The name before an equals sign, if there is one.
  mutating func name() throws(NetworkError) -> String? {
    guard words.count > 1, words[words.startIndex + 1] == "=" else { return nil }
    let name = words.removeFirst()
    words.removeFirst()
    guard name.allSatisfy({ $0.isLetter || $0.isNumber || "._/-:".contains($0) }) else {
      throw NetworkError(
        .syntax, "'\(name)' is no name: letters, digits and . _ - / : make one")
    }
    return name
  }

  mutating func optional() -> String? { words.popFirst() }

  mutating func next(_ what: String) throws(NetworkError) -> String {
    guard let word = words.popFirst() else {
      throw NetworkError(.syntax, "the line ends where \(what) is to follow")
    }
    return word
  }

  /// Whether a word comes next, which is taken then.
  mutating func take(_ word: String) -> Bool {
    guard words.first == word else { return false }
    words.removeFirst()
    return true
  }

  mutating func number(_ what: String) throws(NetworkError) -> Int {
    let word = try next(what)
    guard let number = Int(word), (1...NetworkParser.largestExtent).contains(number) else {
      throw NetworkError(.syntax, "'\(word)' is to be \(what), 1 or more")
    }
    return number
  }

  func end() throws(NetworkError) {
    guard let word = words.first else { return }
    throw NetworkError(.syntax, "'\(word)' has no meaning here; leave it out")
  }

  /// A kernel, and what is said of its movement.
  mutating func window(strideIsExtent: Bool) throws(NetworkError) -> Window {
    let kernel = try next("the kernel's extents, such as 5x5,")
    let extents = try Self.numbers(kernel, "the kernel's extents, such as 5x5", atLeast: 1)
    guard extents.count <= 3 else {
      throw NetworkError(.syntax, "a kernel has one to three axes, and '\(kernel)' has more")
    }
    func spread(_ numbers: [Int], _ what: String) throws(NetworkError) -> [Int] {
      if numbers.count == extents.count { return numbers }
      guard numbers.count == 1 else {
        throw NetworkError(
          .syntax, "\(what) has \(numbers.count) numbers for a kernel of \(extents.count) axes")
      }
      return extents.map { _ in numbers[0] }
    }
    var strides = strideIsExtent ? extents : extents.map { _ in 1 }
    var dilations = extents.map { _ in 1 }
    var before = extents.map { _ in 0 }
    var after = before
    while true {
      if take("stride") {
        strides = try spread(
          Self.numbers(next("the stride"), "the stride", atLeast: 1), "the stride")
      } else if take("dilation") {
        dilations = try spread(
          Self.numbers(next("the dilation"), "the dilation", atLeast: 1), "the dilation")
      } else if take("pad") {
        let word = try next("the padding")
        let sides = word.split(separator: "x", omittingEmptySubsequences: false)
          .map { $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init) }
        guard sides.allSatisfy({ $0.count <= 2 }) else {
          throw NetworkError(.syntax, "'\(word)' is to be the padding, such as 2, 2x1 or 0:1")
        }
        func side(_ index: Int) throws(NetworkError) -> [Int] {
          var numbers: [Int] = []
          for side in sides {
            numbers += try Self.numbers(side[min(index, side.count - 1)], "the padding", atLeast: 0)
          }
          return numbers
        }
        before = try spread(side(0), "the padding")
        after = try spread(side(1), "the padding")
      } else {
        break
      }
    }
    return Window(
      extents.indices.map {
        Window.Axis(
          extents[$0], stride: strides[$0], dilation: dilations[$0], paddingBefore: before[$0],
          paddingAfter: after[$0])
      })
  }

  private static func numbers(
    _ word: String, _ what: String, atLeast least: Int
  ) throws(NetworkError) -> [Int] {
    let parts = word.split(separator: "x", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, numbers.allSatisfy({ (least...1 << 16).contains($0) })
    else {
      throw NetworkError(.syntax, "'\(word)' is to be \(what): numbers from \(least) on, x between")
    }
    return numbers
  }
}
