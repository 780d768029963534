import BBBNetwork

/// What a recurrent node says of itself, but for its numbers.
struct RecurrentLayer {
  /// The kinds of recurrent layers, by their operators.
  enum Cell: String {
    case longShortTermMemory = "LSTM"
    case gatedUnit = "GRU"
    case plain = "RNN"
  }

  let cell: Cell
  /// The hidden units of a direction.
  let unitCount: Int
  /// For each direction, whether it begins with the last step.
  let isReversed: [Bool]
  /// For each direction, what gates and states are put through: of the gates, of what comes in, and of an LSTM's cells.
  let activations: [[Activation]]
  /// What the arguments of activations are limited to; `nil` for no limit.
  let clip: Double?
  /// Whether an LSTM's forget gate is 1 less the input gate.
  let couplesGates: Bool
  /// Whether a GRU resets the product with the hidden state, and not the state before it.
  let resetsProduct: Bool
  /// Whether the examples are along the first axis, and not the steps.
  let isBatchFirst: Bool
  /// The sequences of one example: several where a graph joins them with the examples, or has no examples.
  var sequenceCount = 1

  /// For each gate in the order in which the network has them, its number in the file.
  ///
  /// The network's order is that of PyTorch, whose posteriors are compared with its rows: input, forget, cell, output; reset,
  /// update, new. Keras has that of the LSTM, too.
  var gates: [Int] {
    switch cell {
    case .longShortTermMemory: [0, 2, 3, 1]
    case .gatedUnit: [1, 0, 2]
    case .plain: [0]
    }
  }

  /// What there is for each axis of a state: its units, and the sequences where there are several.
  func axes<Element>(_ units: Element, sequences: Element) -> [Element] {
    sequenceCount > 1 ? [units, sequences] : [units]
  }

  /// The rows of each direction's matrices.
  var rowCount: Int { gates.count * unitCount }

  /// Reads a node's attributes.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - unitCount: The hidden units of a direction.
  /// - Throws: ``ONNXError`` if it is no recurrent node, or one of its attributes is not run.
  init(_ node: ONNXNode, unitCount: Int) throws(ONNXError) {
    guard let cell = Cell(rawValue: node.operatorType) else {
      throw node.refusal("is no recurrent layer", "export the file again")
    }
    self.cell = cell
    self.unitCount = unitCount
    let direction = try node.attributes.text("direction", default: "forward")
    isReversed =
      direction == "bidirectional" ? [false, true] : [direction == "reverse"]
    isBatchFirst = try node.attributes.flag("layout")
    couplesGates = try node.attributes.flag("input_forget")
    resetsProduct = try node.attributes.flag("linear_before_reset")
    let clip = Double(try node.attributes.real("clip", default: 0))
    self.clip = clip > 0 ? clip : nil
    activations = try Self.activations(node, cell, directionCount: isReversed.count)
  }

  private static func activations(
    _ node: ONNXNode, _ cell: Cell, directionCount: Int
  ) throws(ONNXError) -> [[Activation]] {
    let standard: [Activation] =
      switch cell {
      case .longShortTermMemory: [.sigmoid, .tanh, .tanh]
      case .gatedUnit: [.sigmoid, .tanh]
      case .plain: [.tanh]
      }
    guard let names = try node.attributes.texts("activations"), !names.isEmpty else {
      return Array(repeating: standard, count: directionCount)
    }
    guard names.count == directionCount * standard.count else {
      throw node.refusal(
        "names \(names.count) activations, where \(directionCount * standard.count) belong",
        "export the file again")
    }
    let alphas = try node.attributes.reals("activation_alpha") ?? []
    var found: [Activation] = []
    for name in names {
      found.append(try activation(name, hasArguments: !alphas.isEmpty, node))
    }
    return (0..<directionCount).map {
      Array(found[$0 * standard.count..<($0 + 1) * standard.count])
    }
  }

  /// An activation without arguments, as it is called in these attributes in whatever case.
  private static func activation(
    _ name: String, hasArguments: Bool, _ node: ONNXNode
  ) throws(ONNXError) -> Activation {
    switch name.lowercased() {
    case "sigmoid": return .sigmoid
    case "tanh": return .tanh
    case "relu": return .relu
    case "softplus": return .softplus
    case "leakyrelu" where !hasArguments: return .leakyRelu
    case "elu" where !hasArguments: return .elu
    default:
      throw node.refusal(
        "has the activation \(name), which is not run in recurrent layers yet",
        "use sigmoid, tanh or relu")
    }
  }
}
