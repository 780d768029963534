extension Network: LosslessStringConvertible {
  /// The network as text that ``init(_:)`` reads: one operation a line.
  public var description: String { lines.joined(separator: "\n") }

  /// The network as text in one line, with semicolons between the operations, as a checkpoint's metadata hold it.
  public var textInOneLine: String { lines.joined(separator: "; ") }

  /// Reads a network's text, or returns `nil` if it does not describe one.
  ///
  /// ``init(text:)`` says why not.
  public init?(_ description: String) {
    guard let network = try? Network(text: description) else { return nil }
    self = network
  }

  private var lines: [String] {
    let generated = nodes.indices.map { NetworkParser.name(of: nodes[$0].operation, number: $0) }
    let referred = Set(
      nodes.enumerated().flatMap { index, node in
        node.inputs.filter { node.operation.readsSeveral || $0.index != index }.compactMap {
          if case .node(let number) = $0 { number } else { nil }
        }
      })
    return ["input " + input.extents.map(String.init).joined(separator: " ")]
      + nodes.enumerated().map { index, node in
        var words: [String] = []
        if node.name != generated[index] || node.operation.hasParameter || referred.contains(index)
        {
          words += [node.name, "="]
        }
        words += [node.operation.word] + node.operation.arguments
        if case .matrix(let matrix) = node.operation, let owner = matrix.sharing {
          words += ["sharing", nodes[owner].name]
        }
        let sources = node.inputs.map { value -> String in
          if case .node(let number) = value { nodes[number].name } else { "input" }
        }
        if node.operation.readsSeveral {
          words += sources + node.operation.lastArguments
        } else if let source = node.inputs.first, source.index != index {
          words += ["from", sources[0]]
        }
        return words.joined(separator: " ")
      }
  }
}

extension Operation {
  /// Whether the text names all that it reads.
  var readsSeveral: Bool {
    switch self {
    case .arithmetic, .concatenate, .product: true
    case .matrix, .activation, .pool, .flatten, .slice, .gather, .pad, .constant, .transpose,
      .reshape, .softmax, .normalise:
      false
    }
  }

  /// What the numbers are called that it has.
  var numbers: String { if case .constant = self { "numbers" } else { "weights" } }

  /// What follows the names of what is read.
  fileprivate var lastArguments: [String] {
    if case .product(let product) = self { product.arguments } else { [] }
  }

  /// What follows the operation's word.
  fileprivate var arguments: [String] {
    switch self {
    case .matrix(let matrix):
      return ["\(matrix.unitCount)"]
        + (matrix.window.map { $0.arguments(defaultStride: false) } ?? [])
        + (matrix.groupCount == 1 ? [] : ["groups", "\(matrix.groupCount)"])
        + (matrix.hasBias ? [] : ["without-bias"])
    case .pool(let pool):
      return pool.window.arguments(defaultStride: true)
        + (pool.kind == .average(countsPadding: true) ? ["counting-padding"] : [])
    case .slice(let slice): return slice.arguments
    case .gather(let gather): return gather.arguments
    case .pad(let pad): return pad.arguments
    case .constant(let shape): return shape.extents.map(String.init)
    case .transpose(let transpose): return transpose.order.map(String.init)
    case .reshape(let reshape): return reshape.extents.map(String.init)
    case .softmax(let softmax): return ["axis", "\(softmax.axis)"]
    case .normalise(let normalise): return normalise.arguments
    case .activation, .arithmetic, .concatenate, .flatten, .product: return []
    }
  }
}
