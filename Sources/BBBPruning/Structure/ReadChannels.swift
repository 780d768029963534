import BBBNetwork

/// Which channels of a network's values something reads that leads to the output, as its matrices are settled from the last
/// to the first.
///
/// A matrix that several nodes use cannot be settled before all it is used for: every row of it counts as read.
struct ReadChannels {
  private let network: Network
  private let spaces: UnitSpaces
  private let columns: [MatrixColumns]
  /// By `Value.index` and channel.
  private var isRead: [[Bool]]
  /// The nodes from this one on have told what they read.
  private var next: Int

  /// Begins with the output.
  ///
  /// - Parameters:
  ///   - network: The dense network.
  ///   - spaces: Its units.
  ///   - columns: For each parameter, the channels of its columns.
  init(_ network: Network, _ spaces: UnitSpaces, _ columns: [MatrixColumns]) {
    self.network = network
    self.spaces = spaces
    self.columns = columns
    isRead = spaces.channels.map { Array(repeating: false, count: $0.count) }
    next = network.nodes.count
    isRead[next] = isRead[next].map { _ in true }
  }

  /// Whether each row of a parameter is read, all matrices behind it being settled.
  ///
  /// - Parameter parameter: A matrix or a constant.
  /// - Returns: A flag for each row.
  mutating func rows(of parameter: Int) -> [Bool] {
    let node = network.parameters[parameter].node
    pass(downTo: node + 1)
    let isShared = network.parameters[parameter].isShared
    return spaces.rowChannels(of: network.parameters[parameter], in: network)
      .map { isShared || isRead[node + 1][$0] }
  }

  /// Whether each channel of each value is read, all matrices being settled; by `Value.index`.
  mutating func all() -> [[Bool]] {
    pass(downTo: 0)
    return isRead
  }

  /// Lets the nodes from one on tell what they read, those that have told already apart.
  private mutating func pass(downTo first: Int) {
    while next > first {
      next -= 1
      pass(network.nodes[next], isRead[next + 1])
    }
  }

  /// Settles a matrix.
  ///
  /// - Parameters:
  ///   - columns: Those that its weights read.
  ///   - parameter: The matrix.
  mutating func insert(_ columns: some Sequence<Int>, of parameter: Int) {
    guard let source = network.nodes[network.parameters[parameter].node].inputs.first?.index else {
      return
    }
    for column in columns { isRead[source][self.columns[parameter].channels[column]] = true }
  }

  private mutating func pass(_ node: Node, _ output: [Bool]) {
    switch node.operation {
    case .matrix(let matrix):
      if matrix.sharing != nil { readAll(of: node) }
    case .constant: break
    case .transpose, .reshape, .softmax, .normalise, .product:
      let source = node.inputs[0].index
      if !node.operation.keepsChannels(spaces.channels[source], in: network.shapes[next + 1]) {
        if output.contains(true) { readAll(of: node) }
      } else {
        for channel in output.indices where output[channel] { isRead[source][channel] = true }
      }
    case .activation, .pool, .flatten:
      for input in node.inputs {
        for channel in output.indices where output[channel] { isRead[input.index][channel] = true }
      }
    case .arithmetic:
      let operands = spaces.operands(of: node, in: network).numbers
      for (input, numbers) in zip(node.inputs, operands) {
        for (channel, number) in numbers.enumerated() where output[channel] {
          isRead[input.index][number] = true
        }
      }
    case .concatenate:
      var first = 0
      for input in node.inputs {
        for channel in isRead[input.index].indices where output[first + channel] {
          isRead[input.index][channel] = true
        }
        first += isRead[input.index].count
      }
    case .slice, .gather:
      let source = node.inputs[0].index
      let taken = node.operation.channelsTaken(
        of: spaces.channels[source], in: network.shapes[source])
      for (channel, input) in (taken?.numbers ?? []).enumerated() where output[channel] {
        isRead[source][input] = true
      }
    case .pad(let pad):
      let source = node.inputs[0].index
      for channel in isRead[source].indices where output[pad.before[0] + channel] {
        isRead[source][channel] = true
      }
    }
  }

  private mutating func readAll(of node: Node) {
    for input in node.inputs { isRead[input.index] = isRead[input.index].map { _ in true } }
  }
}
